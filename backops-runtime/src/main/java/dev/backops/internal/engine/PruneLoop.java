package dev.backops.internal.engine;

import dev.backops.Status;
import dev.backops.internal.store.Database;
import dev.backops.internal.store.PruneStore;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes operations that ended longer ago than they are to be kept, in small batches, so that nobody waits for it. */
final class PruneLoop {

    private static final Logger log = LoggerFactory.getLogger(PruneLoop.class);

    private static final int BATCH = 1_000;
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final Database database;
    private final PruneStore store;
    private final Map<Status, Duration> keep;

    PruneLoop(Database database, PruneStore store, Map<Status, Duration> keep) {
        this.database = database;
        this.store = store;
        this.keep = Map.copyOf(keep);
    }

    /** Deletes at most one batch per outcome; returns how long to wait for the next time. */
    Duration runOnce() {
        boolean more = false;
        for (Map.Entry<Status, Duration> entry : keep.entrySet()) {
            int pruned = database.inTransaction(handle -> store.prune(handle, entry.getKey(), entry.getValue(), BATCH));
            if (pruned > 0) {
                log.info(
                        "{} operations that were {} for {} are deleted",
                        pruned,
                        entry.getKey().sql(),
                        entry.getValue());
            }
            more |= pruned == BATCH;
        }
        if (keep.isEmpty()) {
            return LoopThread.untilWoken();
        }
        return more ? Duration.ZERO : LoopThread.jittered(INTERVAL);
    }
}
