package dev.backops.internal.engine;

import dev.backops.internal.store.Database;
import dev.backops.internal.store.WorkStore;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Makes scheduled operations ready when their time has come, and sleeps until then.
 *
 * <p>When the next one is due it learns from itself, from retries and delayed enqueues of this process, and from the claim
 * loop, which asks whenever it finds nothing.
 */
final class ScheduleLoop {

    private static final int BATCH = 1_000;

    private final Database database;
    private final WorkStore work;
    private final Runnable onReady;
    private final LongSupplier nanoTime;

    /** When to look next, by the monotonic clock; guarded by this. */
    private long lookAt;

    /** Whether anything is known to be scheduled; guarded by this. */
    private boolean known;

    ScheduleLoop(Database database, WorkStore work, Runnable onReady, LongSupplier nanoTime) {
        this.database = database;
        this.work = work;
        this.onReady = onReady;
        this.nanoTime = nanoTime;
    }

    /** Learns that an operation is due in this long; returns whether that is sooner than what was known. */
    synchronized boolean expect(Duration delay) {
        long at = nanoTime.getAsLong() + Math.max(0, delay.toNanos());
        if (known && at - lookAt >= 0) {
            return false;
        }
        known = true;
        lookAt = at;
        return true;
    }

    /** Makes due operations ready if any can be due; returns how long to wait for the next time. */
    Duration runOnce() {
        Duration untilDue = untilDue();
        if (!untilDue.isZero()) {
            return untilDue;
        }
        forget();
        boolean full = database.inTransaction(handle -> {
            int ready = work.makeDueReady(handle, BATCH);
            Optional<Duration> next = work.untilNextDue(handle);
            next.ifPresent(this::expect);
            if (ready > 0) {
                onReady.run();
            }
            return ready == BATCH;
        });
        return full ? Duration.ZERO : untilDue();
    }

    private synchronized Duration untilDue() {
        if (!known) {
            return LoopThread.untilWoken();
        }
        return Duration.ofNanos(Math.max(0, lookAt - nanoTime.getAsLong()));
    }

    private synchronized void forget() {
        known = false;
    }
}
