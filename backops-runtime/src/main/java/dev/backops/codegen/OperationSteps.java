package dev.backops.codegen;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An operation together with the objects that run its steps: what {@code BackOps.register} takes and the generated
 * {@code steps(…)} returns. Immutable.
 */
public final class OperationSteps {

    private final OperationDefinition definition;
    private final Map<String, StepBody> bodies;

    private OperationSteps(OperationDefinition definition, Map<String, StepBody> bodies) {
        this.definition = definition;
        this.bodies = bodies;
    }

    /** A definition whose steps have no bodies yet. */
    public static OperationSteps of(OperationDefinition definition) {
        return new OperationSteps(definition, Map.of());
    }

    /** This and the body of one more step. */
    public OperationSteps step(String name, StepBody body) {
        Map<String, StepBody> more = new LinkedHashMap<>(bodies);
        more.put(name, body);
        return new OperationSteps(definition, more);
    }

    public OperationDefinition definition() {
        return definition;
    }

    /** The body of a step. */
    public StepBody body(String step) {
        StepBody body = bodies.get(step);
        if (body == null) {
            throw new IllegalArgumentException("Operation " + definition.name() + " has no step " + step);
        }
        return body;
    }
}
