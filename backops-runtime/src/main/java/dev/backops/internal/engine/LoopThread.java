package dev.backops.internal.engine;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that runs a body again and again, waiting in between as long as the body says, or until woken.
 *
 * <p>A wake-up while the body runs makes it run once more. After an exception the body runs again after a jittered wait
 * that doubles from 100 ms to the longest pause: databases come back. Stopping lets a running body finish; stopping twice,
 * or before the start, does no harm.
 */
final class LoopThread {

    private static final Logger log = LoggerFactory.getLogger(LoopThread.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Thread thread;
    private final Body body;
    private final Runnable atEnd;
    private final Duration longestPause;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition signal = lock.newCondition();

    // Guarded by lock.
    private boolean woken;
    private boolean stopped;

    private Duration pause = Duration.ZERO;

    LoopThread(String name, Body body, boolean daemon) {
        this(name, body, daemon, LONGEST_PAUSE, () -> {});
    }

    /** One that pauses no longer than {@code longestPause} after an exception, and that runs {@code atEnd} as its last act. */
    LoopThread(String name, Body body, boolean daemon, Duration longestPause, Runnable atEnd) {
        this.body = body;
        this.longestPause = longestPause;
        this.atEnd = atEnd;
        this.thread = new Thread(this::run, name);
        this.thread.setDaemon(daemon);
    }

    void start() {
        thread.start();
    }

    /** Makes the body run now, or once more if it is running. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            signal.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Lets the body finish and ends the thread; does not wait for it. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            signal.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the end of the thread; false if it still runs then. */
    boolean join(Duration limit) throws InterruptedException {
        if (thread.isAlive()) {
            thread.join(Math.max(1, limit.toMillis()));
        }
        return !thread.isAlive();
    }

    private void run() {
        Duration wait = Duration.ZERO;
        try {
            while (waited(wait)) {
                wait = runOnce();
            }
        } finally {
            atEnd.run();
        }
    }

    private Duration runOnce() {
        try {
            Duration wait = body.runOnce();
            if (!pause.isZero()) {
                log.info("{} works again", thread.getName());
                pause = Duration.ZERO;
            }
            return wait;
        } catch (RuntimeException | Error e) {
            // Errors too: where a step took all the memory, the process lives, and its leases with it.
            if (pause.isZero()) {
                log.warn("{} failed and goes on trying", thread.getName(), e);
            } else {
                log.debug("{} failed again", thread.getName(), e);
            }
            pause = nextPause(pause, longestPause);
            return jittered(pause);
        }
    }

    /** Waits, and returns whether the body is to run; false once stopped. */
    private boolean waited(Duration wait) {
        lock.lock();
        try {
            long nanos = wait.toNanos();
            while (!stopped && !woken && nanos > 0) {
                nanos = signal.awaitNanos(nanos);
            }
            woken = false;
            return !stopped;
        } catch (InterruptedException e) {
            // Nobody but us knows this thread; an interrupt from outside is as good as a wake-up.
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    static Duration nextPause(Duration pause) {
        return nextPause(pause, LONGEST_PAUSE);
    }

    static Duration nextPause(Duration pause, Duration longest) {
        Duration next = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
        return next.compareTo(longest) < 0 ? next : longest;
    }

    /** From half to one and a half times the duration, so that many processes do not come back in step. */
    static Duration jittered(Duration duration) {
        return Duration.ofNanos(Math.round(
                duration.toNanos() * (0.5 + ThreadLocalRandom.current().nextDouble())));
    }

    /** What a loop does. */
    @FunctionalInterface
    interface Body {

        /** Does one round; returns how long to wait for the next one unless woken. */
        Duration runOnce();
    }

    /** As good as for ever: until woken. */
    static Duration untilWoken() {
        return Duration.ofNanos(TimeUnit.DAYS.toNanos(1));
    }
}
