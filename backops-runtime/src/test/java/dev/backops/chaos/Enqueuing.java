package dev.backops.chaos;

import dev.backops.BackOps;
import dev.backops.DatabaseException;
import dev.backops.EnqueueException;
import dev.backops.codegen.Values;
import java.util.List;

/** A thread that enqueues all the time, and notes what was acknowledged. */
final class Enqueuing {

    private static final int PAUSE_MILLIS = 4;

    private final BackOps backOps;
    private final List<Long> acknowledged;
    private final Thread thread = new Thread(this::run, "enqueuing");
    private volatile boolean stopped;

    /** The list is complete once this has stopped. */
    Enqueuing(BackOps backOps, List<Long> acknowledged) {
        this.backOps = backOps;
        this.acknowledged = acknowledged;
        thread.start();
    }

    private void run() {
        try {
            while (!stopped) {
                try {
                    acknowledged.add(backOps.client(Transfer.DEFINITION)
                            .enqueue(Values::none)
                            .id());
                } catch (EnqueueException | DatabaseException e) {
                    // Nothing was acknowledged; it may be there all the same, and then has to come to its end as well.
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void stop() throws InterruptedException {
        stopped = true;
        thread.join();
    }
}
