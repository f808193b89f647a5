package dev.backops.internal.engine;

import dev.backops.internal.store.Database;
import dev.backops.internal.store.DefinitionStore;
import dev.backops.internal.store.WorkStore;
import dev.backops.internal.store.WorkStore.Pause;
import dev.backops.internal.store.WorkStore.Stuck;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts operations aside that nobody runs, so that they are not in front of all claims: those whose name or queue is paused,
 * and those that no live worker has had the code for since a lease ago, which gives a deploy the time to take place. Makes those ready
 * again that this process can run.
 *
 * <p>First it looks for definitions that other processes have stored meanwhile, and for queues that they use.
 */
final class ParkLoop {

    private static final Logger log = LoggerFactory.getLogger(ParkLoop.class);

    private static final int BATCH = 1_000;

    /** What it looks at may be much: it does not take more than a twentieth of the time of one connection. */
    private static final int REST = 20;

    private final Database database;
    private final DefinitionStore definitions;
    private final WorkStore work;
    private final Registry registry;
    private final Lease lease;
    private final Duration length;
    private final Runnable onReady;
    private final LongSupplier nanoTime;

    /** Since when nobody knows a definition; known to the loop's thread alone. */
    private final Map<Integer, Long> unknownSince = new HashMap<>();

    private volatile Set<Pause> pauses = Set.of();

    ParkLoop(
            Database database,
            DefinitionStore definitions,
            WorkStore work,
            Registry registry,
            Lease lease,
            Duration length,
            Runnable onReady,
            LongSupplier nanoTime) {
        this.database = database;
        this.definitions = definitions;
        this.work = work;
        this.registry = registry;
        this.lease = lease;
        this.length = length;
        this.onReady = onReady;
        this.nanoTime = nanoTime;
    }

    /** Whether the operations of a name, or of a queue, are to stop behind their step. */
    boolean isPaused(String name, String queue) {
        Set<Pause> now = pauses;
        return !now.isEmpty() && (now.contains(Pause.ofName(name)) || now.contains(Pause.ofQueue(queue)));
    }

    /** Looks once; returns how long to wait for the next time. */
    Duration runOnce() {
        long start = nanoTime.getAsLong();
        long worker = lease.worker();
        Round round = database.inTransaction(handle -> {
            boolean news = registry.update(definitions.findByNames(handle, registry.storedNames()));
            news |= registry.updateQueues(work.queuesBeside(handle, registry.declaredQueues()));
            pauses = work.pauses(handle);
            int unparked = lease.held(worker) ? work.unpark(handle, registry.definitions(), BATCH) : 0;
            List<Integer> idle = idle(work.stuck(handle, worker), start);
            int parked = work.parkQueues(handle, BATCH);
            return new Round(news, unparked, idle.isEmpty() ? parked : parked + work.park(handle, idle, BATCH));
        });
        if (round.unparked() > 0) {
            log.info("{} operations that waited go on", round.unparked());
        }
        if (round.news() || round.unparked() > 0) {
            onReady.run();
        }
        if (round.parked() > 0) {
            log.warn("{} operations wait, since nobody can or may run them", round.parked());
        }
        if (round.unparked() == BATCH || round.parked() >= BATCH) {
            return Duration.ZERO;
        }
        Duration rest = Duration.ofNanos(nanoTime.getAsLong() - start).multipliedBy(REST);
        Duration pace = LoopThread.jittered(length.dividedBy(4));
        return rest.compareTo(pace) > 0 ? rest : pace;
    }

    /** Those that are paused, or that nobody has known for a lease. */
    private List<Integer> idle(List<Stuck> stuck, long now) {
        unknownSince
                .keySet()
                .retainAll(stuck.stream()
                        .filter(one -> !one.paused())
                        .map(Stuck::definition)
                        .toList());
        return stuck.stream()
                .filter(one -> one.paused()
                        || now - unknownSince.computeIfAbsent(one.definition(), unseen -> now) >= length.toNanos())
                .map(Stuck::definition)
                .toList();
    }

    /** Whether there is more that can be run than before, how many operations went on, and how many were put aside. */
    private record Round(boolean news, int unparked, int parked) {}
}
