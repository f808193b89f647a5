package dev.backops.codegen;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An operation as its source declares it: the stored name, the params, and the steps in their order.
 *
 * @param name the stored name
 * @param params the components of the params record, in order
 * @param steps at least one, in the order in which they run, names unique
 */
public record OperationDefinition(String name, List<Field<?>> params, List<StepDefinition> steps) {

    public OperationDefinition {
        Objects.requireNonNull(name, "name");
        params = List.copyOf(params);
        steps = List.copyOf(steps);
    }

    /** An operation without params and steps; those follow. */
    public static OperationDefinition named(String name) {
        return new OperationDefinition(name, List.of(), List.of());
    }

    public OperationDefinition params(Field<?>... fields) {
        return new OperationDefinition(name, List.of(fields), steps);
    }

    /** This and one more step behind the others. */
    public OperationDefinition step(StepDefinition step) {
        List<StepDefinition> more = new ArrayList<>(steps);
        more.add(step);
        return new OperationDefinition(name, params, more);
    }

    /** The step with a name, if there is one. */
    public Optional<StepDefinition> step(String stepName) {
        return steps.stream().filter(step -> step.name().equals(stepName)).findFirst();
    }

    /** The step with which the operation begins. */
    public StepDefinition firstStep() {
        return steps.stream()
                .filter(step -> step.branch().equals(StepDefinition.MAIN))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "Operation " + name + " has no step on its branch " + StepDefinition.MAIN));
    }
}
