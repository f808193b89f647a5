package dev.backops.internal.engine;

import dev.backops.StepAbortedException;
import dev.backops.StoredValueException;
import dev.backops.codegen.Field;
import dev.backops.codegen.RetryPolicy;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.Values;
import dev.backops.internal.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Computes transitions: pure functions of an operation and what its step did. */
final class Transitions {

    private Transitions() {}

    /** After a step that returned {@code result}. */
    static Transition finished(Execution run, Values result) {
        Map<String, Object> merged = new LinkedHashMap<>(run.outputs());
        Map<String, @Nullable Object> outputs = new LinkedHashMap<>();
        for (Field<?> output : run.step().outputs()) {
            Object value = result.json().get(output.name());
            outputs.put(output.name(), value);
            if (value == null) {
                merged.remove(output.name());
            } else {
                merged.put(output.name(), value);
            }
        }
        String written = outputs.isEmpty() ? null : Json.write(outputs);
        Optional<StepDefinition> next = nextStep(run);
        return next.isPresent()
                ? new Transition.Proceed(run, run.next(next.get(), merged), written)
                : new Transition.Complete(run, written, Json.write(merged));
    }

    /** After a step that threw {@code error}; {@code chance} is a random number from 0 to 1. */
    static Transition failed(Execution run, Throwable error, double chance) {
        ErrorReport report = ErrorReport.of(
                error,
                run.definition().code().body(run.step().name()).getClass().getPackageName());
        RetryPolicy retry = run.step().retry();
        boolean forGood = error instanceof StepAbortedException
                || error instanceof StoredValueException
                || retry.abortsOn(error)
                || run.attempt() >= retry.maxAttempts();
        return forGood
                ? new Transition.Fail(run, report)
                : new Transition.RetryIn(run, retry.delayAfter(run.attempt(), chance), report);
    }

    /** A claim only takes operations whose remaining steps the code has, so that the next one is there. */
    private static Optional<StepDefinition> nextStep(Execution run) {
        return run.definition()
                .next(run.step().name())
                .map(name -> run.definition().step(name).orElseThrow());
    }
}
