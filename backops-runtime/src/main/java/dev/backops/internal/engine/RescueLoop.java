package dev.backops.internal.engine;

import dev.backops.internal.store.Database;
import dev.backops.internal.store.WorkStore;
import dev.backops.internal.store.WorkStore.Rescued;
import dev.backops.internal.store.WorkerStore;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes operations from processes whose lease is over: first it buries them, so that neither a late heartbeat nor a late
 * claim of theirs succeeds, then, in later transactions, it makes their operations ready, or fails those that process after
 * process died of.
 *
 * <p>It looks when the lease of another worker would end if no heartbeat came, and once in a lease at least.
 */
final class RescueLoop {

    private static final Logger log = LoggerFactory.getLogger(RescueLoop.class);

    private static final int BATCH = 1_000;

    /** How often in a lease it looks at most, where a dead worker may not be buried yet. */
    private static final int ROUNDS = 6;

    /** Looking for lost workers may be much work: it does not take more than a twentieth of the time of one connection. */
    private static final int REST = 20;

    private final Database database;
    private final WorkerStore workers;
    private final WorkStore work;
    private final Lease lease;
    private final Duration length;
    private final Runnable onReady;
    private final Consumer<List<Long>> onRescued;
    private final LongSupplier nanoTime;

    /** When to look for lost workers again; known to the loop's thread alone. */
    private long restoreAt;

    RescueLoop(
            Database database,
            WorkerStore workers,
            WorkStore work,
            Lease lease,
            Duration length,
            Runnable onReady,
            Consumer<List<Long>> onRescued,
            LongSupplier nanoTime) {
        this.database = database;
        this.workers = workers;
        this.work = work;
        this.lease = lease;
        this.length = length;
        this.onReady = onReady;
        this.onRescued = onRescued;
        this.nanoTime = nanoTime;
        restoreAt = nanoTime.getAsLong();
    }

    /** Buries and rescues once; returns how long to wait for the next time. */
    Duration runOnce() {
        long me = lease.worker();
        if (nanoTime.getAsLong() - restoreAt >= 0) {
            restore(me);
        }
        Look look = database.inTransaction(handle -> {
            workers.bury(handle, me);
            return new Look(workers.buried(handle), workers.untilLeaseEnds(handle, me, length));
        });
        if (!look.dead().isEmpty()) {
            rescue(look.dead());
        }
        Duration soonest = LoopThread.jittered(length.dividedBy(ROUNDS));
        return look.untilNext().compareTo(soonest) > 0 ? look.untilNext() : soonest;
    }

    private void restore(long me) {
        long start = nanoTime.getAsLong();
        List<Long> lost = database.inTransaction(handle -> workers.restore(handle, me));
        long end = nanoTime.getAsLong();
        restoreAt = end + Math.max(length.toNanos(), REST * (end - start));
        if (!lost.isEmpty()) {
            log.warn(
                    "Somebody has deleted the rows of workers {}, which hold operations; those of them that are dead lose"
                            + " their operations in a lease or two",
                    lost);
        }
    }

    private void rescue(List<Long> dead) {
        int rescued = 0;
        List<Rescued> batch;
        do {
            batch = database.inTransaction(handle -> work.rescue(handle, dead, BATCH));
            rescued += batch.size();
            onRescued.accept(batch.stream().map(Rescued::operationId).toList());
            batch.stream().filter(Rescued::isGuilty).forEach(RescueLoop::complain);
        } while (batch.size() == BATCH);
        if (rescued > 0) {
            log.warn("{} operations of dead workers {} are taken from them", rescued, dead);
            onReady.run();
        }
        database.inTransaction(handle -> workers.forget(handle, dead));
    }

    private static void complain(Rescued guilty) {
        log.error(
                "Operation {} failed: {} processes died while they ran it, the last three of them with no other suspect",
                guilty.operationId(),
                guilty.crashes());
    }

    /** What one look brought: the buried, and how long until there may be another one. */
    private record Look(List<Long> dead, Duration untilNext) {}
}
