package dev.backops.internal.engine;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * What this process itself knows about its lease: a worker starts nothing once its own clocks say that the lease may be
 * over.
 *
 * <p>It counts from before the last good heartbeat was sent, by the monotonic clock and the wall clock, and believes the one
 * that shows more: the monotonic clock stands still while a machine sleeps, the wall clock can be set back.
 */
final class Lease {

    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final Duration length;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private volatile Grant grant;

    /** Guarded by lock. */
    private boolean waitingEnds;

    Lease(Duration length, Clock clock, LongSupplier nanoTime) {
        this.length = length.minus(MARGIN);
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.grant = new Grant(0, now());
    }

    /** The moment to remember before a heartbeat is sent. */
    Moment now() {
        return new Moment(nanoTime.getAsLong(), clock.millis());
    }

    /** The worker's id: random, since numbers from a sequence come again after a failover. */
    long worker() {
        return grant.worker();
    }

    /** Notes a good registration or heartbeat. */
    void renew(long worker, Moment sent) {
        lock.lock();
        try {
            grant = new Grant(worker, sent);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the lease of a worker that turned out to be buried, before its time. */
    void revoke(long worker) {
        lock.lock();
        try {
            if (grant.worker() == worker) {
                Moment now = now();
                grant = new Grant(worker, new Moment(now.nanos() - length.toNanos(), now.millis()));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether a worker of this id may start something now. */
    boolean held(long worker) {
        Grant current = grant;
        if (current.worker() != worker) {
            return false;
        }
        Moment now = now();
        long monotonic = now.nanos() - current.since().nanos();
        long wall = now.millis() - current.since().millis();
        return monotonic < length.toNanos() && wall < length.toMillis();
    }

    /**
     * Waits, while the lease is in doubt, for the heartbeat that settles it.
     *
     * @return false if a worker of this id is gone for good, or nobody is to wait any longer
     */
    boolean await(long worker) throws InterruptedException {
        lock.lock();
        try {
            while (!held(worker)) {
                if (waitingEnds || grant.worker() != worker) {
                    return false;
                }
                changed.await();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Sends away all who wait, now and later. */
    void endWaiting() {
        lock.lock();
        try {
            waitingEnds = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A moment by both clocks. */
    record Moment(long nanos, long millis) {}

    private record Grant(long worker, Moment since) {}
}
