package dev.backops.internal.engine;

import dev.backops.internal.store.EngineSession;
import dev.backops.internal.store.SignalStore;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from other processes that there is work.
 *
 * <p>A connection that is only half open looks like one on which nothing happens, so every half a minute of silence this
 * loop sends itself a signal, and takes another connection if it does not arrive.
 */
final class ListenLoop {

    private static final Logger log = LoggerFactory.getLogger(ListenLoop.class);

    /** How long to wait for signals before looking whether to stop. */
    private static final Duration LISTENING = Duration.ofMillis(500);

    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final Duration ECHO_LIMIT = Duration.ofSeconds(5);

    private static final String PROBE = "probe";

    private final EngineSession session;
    private final SignalStore signals;
    private final Runnable onReady;
    private final Runnable onScheduled;
    private final LongSupplier nanoTime;

    private volatile boolean listening;
    private long heardAt;

    ListenLoop(
            EngineSession session, SignalStore signals, Runnable onReady, Runnable onScheduled, LongSupplier nanoTime) {
        this.session = session;
        this.signals = signals;
        this.onReady = onReady;
        this.onScheduled = onScheduled;
        this.nanoTime = nanoTime;
    }

    /** Whether signals arrive, as far as anybody can tell. */
    boolean listening() {
        return listening;
    }

    /** Listens for a while; returns how long to wait for the next time, which is not at all. */
    Duration runOnce() {
        try {
            if (!listening) {
                begin();
            }
            hear(session.use(handle -> signals.await(handle, LISTENING)));
            if (nanoTime.getAsLong() - heardAt > SILENCE.toNanos()) {
                probe();
            }
            return Duration.ZERO;
        } catch (RuntimeException | Error e) {
            listening = false;
            session.close();
            throw e;
        }
    }

    /** Gives the connection back as it came. */
    void end() {
        if (!listening) {
            return;
        }
        listening = false;
        try {
            session.run(signals::unlisten);
        } catch (RuntimeException e) {
            // A broken connection listens no more, and pools drop those.
            log.debug("A connection could not be told to listen no more", e);
        } finally {
            session.close();
        }
    }

    private void begin() {
        session.run(signals::listen);
        heardAt = nanoTime.getAsLong();
        listening = true;
        // Whatever came before, nobody has heard of.
        onReady.run();
        onScheduled.run();
    }

    private void probe() {
        long sentAt = nanoTime.getAsLong();
        session.run(handle -> signals.send(handle, PROBE));
        while (heardAt - sentAt < 0) {
            if (nanoTime.getAsLong() - sentAt > ECHO_LIMIT.toNanos()) {
                end();
                throw new IllegalStateException("A signal of our own did not arrive; does a pooler stand between us and"
                        + " PostgreSQL? Then use transactionPooling(true).");
            }
            hear(session.use(handle -> signals.await(handle, LISTENING)));
        }
    }

    private void hear(List<String> heard) {
        if (heard.isEmpty()) {
            return;
        }
        heardAt = nanoTime.getAsLong();
        if (heard.contains(SignalStore.READY)) {
            onReady.run();
        }
        if (heard.contains(SignalStore.SCHEDULED)) {
            onScheduled.run();
        }
    }
}
