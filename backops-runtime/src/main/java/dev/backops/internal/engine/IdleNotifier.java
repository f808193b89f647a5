package dev.backops.internal.engine;

import dev.backops.internal.store.Database;
import dev.backops.internal.store.SignalStore;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells idle processes of work that is committed, on a thread of its own, so that no enqueue waits for it and many share one
 * statement. A signal that gets lost costs time only: those who sleep look for themselves as well.
 */
final class IdleNotifier {

    private static final Logger log = LoggerFactory.getLogger(IdleNotifier.class);

    /** Between two looks for idle processes, so that a stream of enqueues costs no more than a hundred a second. */
    private static final Duration PACE = Duration.ofMillis(10);

    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final Database database;
    private final SignalStore signals;
    private final ScheduledThreadPoolExecutor thread;
    private final AtomicBoolean readyIsDue = new AtomicBoolean();
    private final AtomicBoolean scheduledIsDue = new AtomicBoolean();
    private volatile long lastSent = System.nanoTime() - PACE.toNanos();

    IdleNotifier(Database database, SignalStore signals) {
        this.database = database;
        this.signals = signals;
        thread = new ScheduledThreadPoolExecutor(1, Threads.daemon("backops-notify"));
        thread.setKeepAliveTime(10, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
    }

    /** There is work to claim. */
    void ready() {
        send(SignalStore.READY, readyIsDue);
    }

    /** There is work with a time of its own. */
    void scheduled() {
        send(SignalStore.SCHEDULED, scheduledIsDue);
    }

    /** Sends what is due, for a moment, and then nothing more. */
    void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
                log.debug("The last signal was not sent in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(String signal, AtomicBoolean due) {
        if (!due.compareAndSet(false, true)) {
            return;
        }
        long wait = lastSent + PACE.toNanos() - System.nanoTime();
        try {
            ScheduledFuture<?> unused = thread.schedule(
                    () -> {
                        // Before the look: what is committed from now on needs another one.
                        due.set(false);
                        lastSent = System.nanoTime();
                        sendNow(signal);
                    },
                    Math.max(0, wait),
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("Nobody is told of work that was added after close()", e);
        }
    }

    private void sendNow(String signal) {
        try {
            database.useTransaction(handle -> signals.sendToIdle(handle, signal));
        } catch (RuntimeException e) {
            log.warn("Idle processes could not be told of new work; they find it when they look for themselves", e);
        }
    }
}
