package dev.backops.chaos;

import dev.backops.BackOps;
import dev.backops.DatabaseException;
import dev.backops.EnqueueException;
import dev.backops.codegen.Values;
import java.util.List;
import java.util.stream.Stream;

/** Threads that enqueue all the time, and note what was acknowledged. */
final class Enqueuing {

    private static final int PAUSE_MILLIS = 100;
    private static final int THREADS = 3;

    private final BackOps backOps;
    private final RunLog log;
    private final List<Thread> threads = Stream.generate(() -> new Thread(this::run, "enqueuing"))
            .limit(THREADS)
            .toList();
    private volatile boolean stopped;

    Enqueuing(BackOps backOps, RunLog log) {
        this.backOps = backOps;
        this.log = log;
        threads.forEach(Thread::start);
    }

    private void run() {
        try {
            while (!stopped) {
                try {
                    log.acknowledged(List.of(backOps.client(Transfer.DEFINITION)
                            .enqueue(Values::none)
                            .id()));
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
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
