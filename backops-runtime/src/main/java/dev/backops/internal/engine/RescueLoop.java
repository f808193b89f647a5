package dev.backops.internal.engine;

import dev.backops.internal.store.Database;
import dev.backops.internal.store.DefinitionStore;
import dev.backops.internal.store.WorkStore;
import dev.backops.internal.store.WorkStore.Rescued;
import dev.backops.internal.store.WorkerStore;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes operations from processes whose lease is over: first it buries them, so that neither a late heartbeat nor a late
 * claim of theirs succeeds, then, in later transactions, it makes their operations ready, or fails those that process after
 * process died of.
 *
 * <p>On the way it looks for definitions that other processes have stored meanwhile, and for queues that they use.
 */
final class RescueLoop {

    private static final Logger log = LoggerFactory.getLogger(RescueLoop.class);

    private static final int BATCH = 1_000;

    /** How often in a lease it looks: even the longest jittered wait finds a dead worker within a third of a lease. */
    private static final int ROUNDS = 6;

    private final Database database;
    private final WorkerStore workers;
    private final WorkStore work;
    private final DefinitionStore definitions;
    private final Registry registry;
    private final Lease lease;
    private final Duration length;
    private final Runnable onReady;
    private final Consumer<List<Long>> onRescued;

    RescueLoop(
            Database database,
            WorkerStore workers,
            WorkStore work,
            DefinitionStore definitions,
            Registry registry,
            Lease lease,
            Duration length,
            Runnable onReady,
            Consumer<List<Long>> onRescued) {
        this.database = database;
        this.workers = workers;
        this.work = work;
        this.definitions = definitions;
        this.registry = registry;
        this.lease = lease;
        this.length = length;
        this.onReady = onReady;
        this.onRescued = onRescued;
    }

    /** Buries and rescues once; returns how long to wait for the next time. */
    Duration runOnce() {
        long me = lease.worker();
        List<Long> dead = database.inTransaction(handle -> {
            workers.bury(handle, me, length);
            boolean news = registry.update(definitions.findByNames(handle, registry.storedNames()));
            news |= registry.updateQueues(work.queues(handle));
            if (news) {
                onReady.run();
            }
            return workers.buried(handle);
        });
        if (!dead.isEmpty()) {
            rescue(dead);
        }
        return LoopThread.jittered(length.dividedBy(ROUNDS));
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
}
