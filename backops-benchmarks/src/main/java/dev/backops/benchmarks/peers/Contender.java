package dev.backops.benchmarks.peers;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One system on a database of its own, with one job. The pool of connections belongs to the caller. */
interface Contender extends AutoCloseable {

    /** Enqueues one operation, which is on disk when this returns. Safe for several threads. */
    void enqueue(long number);

    /**
     * Enqueues operations as fast as the system can, in bulk where it has a way to.
     *
     * @param first the number of the first one; the others follow
     * @param delay how long they wait before their first step
     */
    void enqueueAll(long first, int count, Duration delay);

    /** Begins to run steps in this process. */
    void start();

    /** What follows FROM in a query for operations that are not over, or have failed. */
    String pending();

    /** What follows FROM in a query for steps that are recorded as done, or null where the system forgets them. */
    @Nullable
    String recorded();

    /** Stops running steps, and waits for those that run. */
    @Override
    void close();
}
