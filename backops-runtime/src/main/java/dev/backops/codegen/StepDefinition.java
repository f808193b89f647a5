package dev.backops.codegen;

import java.util.List;
import java.util.Objects;

/**
 * One step of an operation, as it is stored and resumed.
 *
 * @param name the stored name
 * @param reads names of the params and outputs that must be set when the step starts
 * @param mayRead names of those that the step takes if they are set
 * @param outputs what the step sets
 * @param retry what happens when it fails; not stored, the running code decides
 */
public record StepDefinition(
        String name, List<String> reads, List<String> mayRead, List<Field<?>> outputs, RetryPolicy retry) {

    public StepDefinition {
        Objects.requireNonNull(name, "name");
        reads = List.copyOf(reads);
        mayRead = List.copyOf(mayRead);
        outputs = List.copyOf(outputs);
        Objects.requireNonNull(retry, "retry");
    }

    /** A step that reads and sets nothing and retries by default. */
    public static StepDefinition named(String name) {
        return new StepDefinition(name, List.of(), List.of(), List.of(), RetryPolicy.DEFAULT);
    }

    public StepDefinition reads(String... names) {
        return new StepDefinition(name, List.of(names), mayRead, outputs, retry);
    }

    public StepDefinition mayRead(String... names) {
        return new StepDefinition(name, reads, List.of(names), outputs, retry);
    }

    public StepDefinition outputs(Field<?>... fields) {
        return new StepDefinition(name, reads, mayRead, List.of(fields), retry);
    }

    public StepDefinition retry(RetryPolicy policy) {
        return new StepDefinition(name, reads, mayRead, outputs, policy);
    }
}
