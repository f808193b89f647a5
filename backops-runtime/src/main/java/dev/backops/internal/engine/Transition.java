package dev.backops.internal.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where an operation goes after an attempt at a step. */
sealed interface Transition {

    /** The operation before the attempt. */
    Execution run();

    /** How many characters it takes to write it down, roughly. */
    int size();

    /** The step returned, and another one follows; {@code outputs} is JSON, null where the step has none. */
    record Proceed(Execution run, Execution next, @Nullable String outputs) implements Transition {

        @Override
        public int size() {
            return length(outputs);
        }
    }

    /** The last step returned; {@code finalOutputs} are those of all steps, JSON. */
    record Complete(Execution run, @Nullable String outputs, String finalOutputs) implements Transition {

        @Override
        public int size() {
            return length(outputs) + finalOutputs.length();
        }
    }

    /** The step threw and is tried again; a delay of zero is at once. */
    record RetryIn(Execution run, Duration delay, ErrorReport error) implements Transition {

        @Override
        public int size() {
            return error.size();
        }
    }

    /** The step threw for the last time, and the operation has failed. */
    record Fail(Execution run, ErrorReport error) implements Transition {

        @Override
        public int size() {
            return error.size();
        }
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
