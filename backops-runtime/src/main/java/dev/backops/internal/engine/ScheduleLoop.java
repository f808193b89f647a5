package dev.backops.internal.engine;

import dev.backops.internal.store.Database;
import dev.backops.internal.store.WorkStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Makes scheduled operations ready when their time has come, and sleeps until then.
 *
 * <p>When the next one is due it learns from itself, from retries and delayed enqueues of this process, and from the claim
 * loop, which asks whenever it finds nothing.
 */
final class ScheduleLoop {

    private static final int BATCH = 1_000;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

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

    /** The wait for those that are due, but locked by somebody; known to the loop's thread alone. */
    private Duration pause = Duration.ZERO;

    /** Learns that an operation is due in this long; returns whether that is sooner than what was known. */
    synchronized boolean expect(Duration delay) {
        // Once a day at least: a delay of centuries overflows.
        long nanos = Math.min(
                TimeUnit.NANOSECONDS.convert(delay), LoopThread.untilWoken().toNanos());
        long at = nanoTime.getAsLong() + Math.max(0, nanos);
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
        Round round;
        try {
            round = database.inTransaction(
                    handle -> new Round(work.makeDueReady(handle, BATCH), work.untilNextDue(handle)));
        } catch (RuntimeException | Error e) {
            expect(Duration.ZERO);
            throw e;
        }
        if (round.ready() > 0) {
            onReady.run();
        }
        pause = round.stuck() ? longer(pause) : Duration.ZERO;
        round.next().map(next -> next.compareTo(pause) > 0 ? next : pause).ifPresent(this::expect);
        return round.ready() == BATCH ? Duration.ZERO : untilDue();
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
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

    /** What one look at the database brought: how many became ready, and how long until the next is due. */
    private record Round(int ready, Optional<Duration> next) {

        /** Something is due, but somebody has locked it. */
        boolean stuck() {
            return ready == 0 && next.isPresent() && next.get().compareTo(Duration.ZERO) <= 0;
        }
    }
}
