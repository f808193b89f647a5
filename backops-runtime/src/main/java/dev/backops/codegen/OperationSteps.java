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
    private final Map<String, TransactionalStepBody> transactional;

    private OperationSteps(
            OperationDefinition definition,
            Map<String, StepBody> bodies,
            Map<String, TransactionalStepBody> transactional) {
        this.definition = definition;
        this.bodies = bodies;
        this.transactional = transactional;
    }

    /** A definition whose steps have no bodies yet. */
    public static OperationSteps of(OperationDefinition definition) {
        return new OperationSteps(definition, Map.of(), Map.of());
    }

    /** This and the body of one more step. */
    public OperationSteps step(String name, StepBody body) {
        return new OperationSteps(definition, and(bodies, name, body), transactional);
    }

    /** This and the body of one more step, one that works in the transaction of its record. */
    public OperationSteps transactionalStep(String name, TransactionalStepBody body) {
        return new OperationSteps(definition, bodies, and(transactional, name, body));
    }

    private static <B> Map<String, B> and(Map<String, B> bodies, String name, B body) {
        Map<String, B> more = new LinkedHashMap<>(bodies);
        more.put(name, body);
        return more;
    }

    public OperationDefinition definition() {
        return definition;
    }

    /**
     * The body of a step that is not transactional.
     *
     * @throws IllegalArgumentException if there is none
     */
    public StepBody body(String step) {
        return required(bodies, step);
    }

    /**
     * The body of a transactional step.
     *
     * @throws IllegalArgumentException if there is none
     */
    public TransactionalStepBody transactionalBody(String step) {
        return required(transactional, step);
    }

    private <B> B required(Map<String, B> bodies, String step) {
        B body = bodies.get(step);
        if (body == null) {
            throw new IllegalArgumentException("Operation " + definition.name() + " has no step " + step);
        }
        return body;
    }
}
