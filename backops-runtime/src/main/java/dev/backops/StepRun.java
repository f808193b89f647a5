package dev.backops;

/** The run of a step, as the step itself sees it. A step takes it as a parameter. Immutable. */
public interface StepRun {

    /** The id of the operation. */
    long operationId();

    /** The stored name of the step. */
    String step();

    /** The number of this attempt, from 1; a resumed operation counts from 1 again. */
    int attempt();

    /** Whether the operation fails if this attempt does. */
    boolean lastAttempt();

    /**
     * A text that names this run of the step to systems that recognise repetition, such as payment gateways.
     *
     * <p>The same for every attempt, also after a crash or a resume; different for every operation, for every step, for
     * each time that a step runs again on request, and for every installation of the schema. At most 80 characters: letters,
     * digits and {@code -}.
     */
    String idempotencyKey();

    /** The first attempt of a step called {@code step} of operation 1, for tests that call steps directly. */
    static StepRun forTest() {
        record Fixed(long operationId, String step, int attempt, boolean lastAttempt, String idempotencyKey)
                implements StepRun {}
        return new Fixed(1, "step", 1, false, "test-1-0");
    }
}
