package dev.backops.internal.engine;

import dev.backops.internal.store.EngineSession;
import dev.backops.internal.store.WorkerStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Whether others see this worker as one that sleeps and wants to be told of work.
 *
 * <p>It is set after a while without work, and stays for the first second of work, since most work is over by then and two
 * writes for each lone operation would cost more than signals that nobody needs. Used by one thread.
 */
final class IdleMark {

    /** Waiting for so long between two looks makes a worker idle. */
    private static final Duration IDLE_WAIT = Duration.ofMillis(64);

    private static final long BUSY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long NOBODY = -1;

    private final EngineSession session;
    private final WorkerStore workers;
    private final LongSupplier nanoTime;

    /** The worker that is marked, or nobody. */
    private long marked = NOBODY;

    private boolean busy;
    private long busySince;

    IdleMark(EngineSession session, WorkerStore workers, LongSupplier nanoTime) {
        this.session = session;
        this.workers = workers;
        this.nanoTime = nanoTime;
    }

    /** After a look that found nothing, before a wait; returns whether the worker was marked now. */
    boolean setBefore(Duration wait, long worker) {
        busy = false;
        if (marked == worker || wait.compareTo(IDLE_WAIT) < 0) {
            return false;
        }
        write(worker, /* idle= */ true);
        marked = worker;
        return true;
    }

    /** After a look that found work. */
    void clearAfterAWhile(long worker) {
        if (marked != worker) {
            return;
        }
        long now = nanoTime.getAsLong();
        if (!busy) {
            busy = true;
            busySince = now;
        } else if (now - busySince > BUSY_NANOS) {
            write(worker, /* idle= */ false);
            marked = NOBODY;
        }
    }

    private void write(long worker, boolean idle) {
        session.run(handle -> workers.markIdle(handle, worker, idle));
    }
}
