package dev.backops;

import java.time.Duration;

/**
 * Hears what happens to operations in this process, for metrics, alerts and the like; see {@link BackOps.Builder#listener}.
 *
 * <p>Everything is told after it is committed, and once at most: an event is lost where the process dies first, and where the
 * database alone knows what has happened, as after a lost answer. All listeners are called by one thread of their own, one
 * event after the other, in the order in which this process learned of them, so that a slow listener delays other listeners
 * and nothing else. Once 10,000 events wait, further ones are dropped, which is logged. What a listener throws is logged.
 *
 * <p>What other processes do, they tell their own listeners; what people do in SQL nobody hears. Whoever must not miss
 * anything looks at the views, or makes it a step.
 */
public interface OperationListener {

    /** An operation was enqueued by this process. Nothing is said where its key had been taken. */
    default void enqueued(long operationId, String operation) {}

    /** A step is called. */
    default void stepStarted(StepEvent step) {}

    /**
     * A step returned, and that is recorded.
     *
     * @param took how long it ran
     */
    default void stepFinished(StepEvent step, Duration took) {}

    /** A step threw, and that is recorded. */
    default void stepFailed(StepEvent step, StepFailure failure) {}

    /**
     * An operation has ended by itself, or behind a skipped step.
     *
     * @param outcome completed, or compensated
     */
    default void operationFinished(long operationId, String operation, Status outcome) {}

    /** An operation has failed, and waits until somebody decides. */
    default void operationFailed(long operationId, String operation) {}

    /** An operation has ended by the wish of somebody. */
    default void operationCancelled(long operationId, String operation) {}

    /** An operation was taken from a process that died, and is about to go on. */
    default void operationRescued(long operationId, String operation) {}
}
