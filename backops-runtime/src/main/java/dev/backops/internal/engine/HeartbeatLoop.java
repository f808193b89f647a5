package dev.backops.internal.engine;

import dev.backops.internal.store.EngineSession;
import dev.backops.internal.store.WorkerStore;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the lease of this process, three times in its length; once buried, registers under a new id. What there is for and
 * from running steps goes with it.
 */
final class HeartbeatLoop {

    private static final Logger log = LoggerFactory.getLogger(HeartbeatLoop.class);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final EngineSession session;
    private final WorkerStore workers;
    private final Registry registry;
    private final Lease lease;
    private final Duration length;
    private final BiConsumer<EngineSession, Long> onBeat;
    private final LongConsumer onBuried;

    HeartbeatLoop(
            EngineSession session,
            WorkerStore workers,
            Registry registry,
            Lease lease,
            Duration length,
            BiConsumer<EngineSession, Long> onBeat,
            LongConsumer onBuried) {
        this.session = session;
        this.workers = workers;
        this.registry = registry;
        this.lease = lease;
        this.length = length;
        this.onBeat = onBeat;
        this.onBuried = onBuried;
    }

    /** Registers this process under a new random id. */
    void register() {
        Lease.Moment sent = lease.now();
        long id = RANDOM.nextLong() >>> 1;
        session.run(handle ->
                workers.register(handle, id, host(), ProcessHandle.current().pid(), length, registry.knowledge()));
        lease.renew(id, sent);
        log.info("Worker {} registered", id);
    }

    /** Sends one heartbeat; returns how long to wait for the next. */
    Duration runOnce() {
        Lease.Moment sent = lease.now();
        long id = lease.worker();
        boolean alive = session.use(handle -> workers.beat(handle, id, length, interval(), registry.knowledge()));
        if (alive) {
            lease.renew(id, sent);
            onBeat.accept(session, id);
        } else {
            log.warn("Worker {} was taken for dead and lost its operations; it goes on under another id", id);
            // First of all: others run its operations from now on, and the registration may take its time.
            lease.revoke(id);
            onBuried.accept(id);
            register();
        }
        return interval();
    }

    /** How long to wait at most between two tries while the database is away: see the gap in {@link WorkerStore}. */
    static Duration longestPause(Duration length) {
        return length.dividedBy(12);
    }

    private Duration interval() {
        return length.dividedBy(3);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "(unknown)";
        }
    }
}
