package dev.backops.internal.store;

import dev.backops.annotation.KeyScope;
import dev.backops.annotation.Priority;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an enqueue writes besides the params.
 *
 * @param definition the id of the stored definition
 * @param name the name of the operation
 * @param firstStep the name of the first step
 * @param firstDelay how long the first step waits
 * @param queue the queue in which it waits for a worker
 * @param keyScope for how long its key holds, if it gets one
 * @param priority which of the due ones start first
 * @param at not before this time, or null
 * @param after not before this long from now by the database's clock, or null
 */
public record EnqueueOptions(
        int definition,
        String name,
        String firstStep,
        Duration firstDelay,
        String queue,
        KeyScope keyScope,
        Priority priority,
        @Nullable Instant at,
        @Nullable Duration after) {

    /** The same at a time, in place of any delay. */
    public EnqueueOptions withTime(Instant time) {
        return new EnqueueOptions(definition, name, firstStep, firstDelay, queue, keyScope, priority, time, null);
    }

    /** The same after a delay, in place of any time. */
    public EnqueueOptions withDelay(Duration delay) {
        return new EnqueueOptions(definition, name, firstStep, firstDelay, queue, keyScope, priority, null, delay);
    }

    /** The same with a priority. */
    public EnqueueOptions withPriority(Priority newPriority) {
        return new EnqueueOptions(definition, name, firstStep, firstDelay, queue, keyScope, newPriority, at, after);
    }
}
