package dev.backops.internal.engine;

import dev.backops.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where an operation goes after an attempt at a step. */
sealed interface Transition {

    /** The operation before the attempt. */
    Execution run();

    /** How many characters it takes to write it down, roughly. */
    int size();

    /**
     * The step returned, and another one follows.
     *
     * @param time when the next one runs
     * @param outputs JSON, null where the step has none
     */
    record Proceed(
            Execution run,
            Execution next,
            StartTime time,
            @Nullable String outputs) implements Transition {

        @Override
        public int size() {
            return length(outputs);
        }
    }

    /**
     * The step returned, and the operation is at its end.
     *
     * @param outcome completed, or compensated behind a failure branch
     * @param finalOutputs the outputs of all steps, JSON
     */
    record End(Execution run, Status outcome, @Nullable String outputs, String finalOutputs) implements Transition {

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

    /** The step threw for the last time, and its failure branch follows. */
    record Compensate(Execution run, Execution next, StartTime time, ErrorReport error) implements Transition {

        @Override
        public int size() {
            return error.size();
        }
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
