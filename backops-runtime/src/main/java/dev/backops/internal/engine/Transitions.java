package dev.backops.internal.engine;

import dev.backops.Status;
import dev.backops.StepAbortedException;
import dev.backops.StoredValueException;
import dev.backops.codegen.Field;
import dev.backops.codegen.RetryPolicy;
import dev.backops.codegen.StepResult;
import dev.backops.internal.json.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Computes transitions: pure functions of an operation and what its step did. */
final class Transitions {

    private Transitions() {}

    /** After a step that returned {@code result}. */
    static Transition finished(Execution run, StepResult result) {
        Map<String, Object> merged = new LinkedHashMap<>(run.outputs());
        Map<String, @Nullable Object> outputs = new LinkedHashMap<>();
        for (Field<?> output : run.step().outputs()) {
            Object value = result.outputs().json().get(output.name());
            outputs.put(output.name(), value);
            if (value == null) {
                merged.remove(output.name());
            } else {
                merged.put(output.name(), value);
            }
        }
        StoredNames names = run.definition().names();
        String written = outputs.isEmpty() ? null : Json.write(names.stored(outputs));
        Optional<String> next = run.definition()
                .flow()
                .after(run.step().name(), result.jump(), run.lastMainAfter(), run.compensating());
        if (next.isEmpty()) {
            Status outcome = run.compensating() ? Status.COMPENSATED : Status.COMPLETED;
            return new Transition.End(run, outcome, written, Json.write(names.stored(merged)));
        }
        Execution following = run.next(run.definition().step(next.get()), merged);
        return new Transition.Proceed(run, following, startTime(following), written);
    }

    /** After a step that threw {@code error}; {@code chance} is a random number from 0 to 1. */
    static Transition failed(Execution run, Throwable error, double chance) {
        ErrorReport report = report(run, error);
        RetryPolicy retry = run.step().retry();
        boolean forGood = error instanceof StepAbortedException
                || error instanceof StoredValueException
                || retry.abortsOn(error)
                || run.attempt() >= retry.maxAttempts();
        if (!forGood) {
            return new Transition.RetryIn(run, retry.delayAfter(run.attempt(), chance), report);
        }
        Optional<String> failureBranch =
                run.definition().flow().onFailure(run.step().name());
        if (failureBranch.isEmpty()) {
            return new Transition.Fail(run, report);
        }
        Execution first = run.compensating(run.definition().step(failureBranch.get()));
        try {
            return new Transition.Compensate(run, first, startTime(first), report);
        } catch (StoredValueException e) {
            // Somebody has edited the value that says when the branch begins.
            return new Transition.Fail(run, report);
        }
    }

    /** After a step that threw {@code error} since somebody interrupted it: it is not to blame, whatever becomes of it. */
    static Transition interrupted(Execution run, Throwable error) {
        return new Transition.RetryIn(run, Duration.ZERO, report(run, error));
    }

    private static ErrorReport report(Execution run, Throwable error) {
        Object body = StoredDefinition.body(run.definition().code(), run.step());
        return ErrorReport.of(error, body.getClass().getPackageName());
    }

    private static StartTime startTime(Execution next) {
        return StartTime.of(next.step(), next.values().json());
    }
}
