package dev.backops;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The run of a step, as the step itself sees it. A step takes it as a parameter. Safe for every thread while the step runs.
 */
public interface StepRun {

    /** The id of the operation. */
    long operationId();

    /** The stored name of the operation. */
    String operation();

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

    /**
     * The key that an earlier step of this operation saw, for example to refund what it charged: that of its latest run, also
     * if that failed for good.
     *
     * @param earlierStep the stored name of the step
     * @throws IllegalArgumentException if no such step has run
     */
    String idempotencyKey(String earlierStep);

    /** When the timeout of the step is over and its thread is interrupted; empty for a step without a timeout. */
    Optional<Instant> deadline();

    /**
     * Whether nobody waits for the step any more, so that it had better return or throw: somebody has cancelled the
     * operation, the timeout is over, the operation was taken over by another process, or this process stops at once. Steps
     * that take long ask now and then. What happens in other processes shows here within a third of the lease.
     */
    boolean cancelled();

    /**
     * Says how far the step is: a text for people, which the views show while the step runs, in the column {@code note}.
     * It reaches the database with a heartbeat, so that it costs nothing to say a lot; the first note, and one after a
     * silence of a second, at once. Longer ones than 500 characters are cut.
     */
    void progress(String note);

    /** The first attempt of a step called {@code step} of operation 1, for tests that call steps directly. */
    static StepRun forTest() {
        record Fixed(
                long operationId,
                String operation,
                String step,
                int attempt,
                boolean lastAttempt,
                String idempotencyKey,
                Optional<Instant> deadline,
                boolean cancelled)
                implements StepRun {

            @Override
            public String idempotencyKey(String earlierStep) {
                return idempotencyKey + "-" + earlierStep;
            }

            @Override
            public void progress(String note) {
                Objects.requireNonNull(note, "note");
            }
        }
        return new Fixed(1, "test", "step", 1, false, "test-1-0", Optional.empty(), false);
    }
}
