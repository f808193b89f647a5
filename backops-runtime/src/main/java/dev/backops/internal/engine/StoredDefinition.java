package dev.backops.internal.engine;

import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepDefinition;
import java.util.List;
import java.util.Optional;

/**
 * A stored definition that the registered code can run: operations finish by the order of steps they were enqueued with,
 * each step by the code of today.
 *
 * @param id the id of the stored definition
 * @param steps the names of its steps, in order
 * @param code the registered operation of the same name
 */
record StoredDefinition(int id, List<String> steps, OperationSteps code) {

    StoredDefinition {
        steps = List.copyOf(steps);
    }

    String name() {
        return code.definition().name();
    }

    /** The step as it is in the code of today. */
    Optional<StepDefinition> step(String stepName) {
        return code.definition().step(stepName);
    }

    /** The name of the step behind another one, empty behind the last. */
    Optional<String> next(String stepName) {
        int place = steps.indexOf(stepName) + 1;
        return place < steps.size() ? Optional.of(steps.get(place)) : Optional.empty();
    }
}
