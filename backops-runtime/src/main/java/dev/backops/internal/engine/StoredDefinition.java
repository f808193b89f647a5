package dev.backops.internal.engine;

import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepDefinition;

/**
 * A stored definition that the registered code can run: operations finish by the order of steps they were enqueued with,
 * each step by the code of today.
 *
 * @param id the id of the stored definition
 * @param flow the order of its steps
 * @param code the registered operation of the same name
 */
record StoredDefinition(int id, Flow flow, OperationSteps code) {

    /** What runs a step, of whichever kind. */
    static Object body(OperationSteps code, StepDefinition step) {
        return step.isTransactional() ? code.transactionalBody(step.name()) : code.body(step.name());
    }

    String name() {
        return code.definition().name();
    }

    /** A step as it is in the code of today. */
    StepDefinition step(String stepName) {
        return code.definition()
                .step(stepName)
                .orElseThrow(() -> new IllegalArgumentException("Operation " + name() + " has no step " + stepName));
    }
}
