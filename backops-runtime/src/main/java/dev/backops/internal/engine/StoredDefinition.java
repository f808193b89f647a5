package dev.backops.internal.engine;

import dev.backops.codegen.Field;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepDefinition;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A stored definition that the registered code can run: operations finish by the order of steps they were enqueued with,
 * each step by the code of today.
 *
 * @param id the id of the stored definition
 * @param storedName the name under which it is stored
 * @param flow the order of its steps, under the names of today
 * @param names what the stored names are called today
 * @param code the registered operation
 */
record StoredDefinition(int id, String storedName, Flow flow, StoredNames names, OperationSteps code) {

    /** What runs a step, of whichever kind. */
    static Object body(OperationSteps code, StepDefinition step) {
        return step.isTransactional() ? code.transactionalBody(step.name()) : code.body(step.name());
    }

    /** The name of today. */
    String name() {
        return code.definition().name();
    }

    /** A step as it is in the code of today. */
    StepDefinition step(String stepName) {
        return code.definition()
                .step(stepName)
                .orElseThrow(() -> new IllegalArgumentException("Operation " + name() + " has no step " + stepName));
    }

    /** Stored params by the names of today, with the defaults of those that the row was stored without. */
    Map<String, Object> params(Map<String, Object> stored) {
        Map<String, Object> params = new LinkedHashMap<>(names.today(stored));
        for (Field<?> field : code.definition().params()) {
            if (field.orElse() != null) {
                params.putIfAbsent(field.name(), field.orElse());
            }
        }
        return params;
    }
}
