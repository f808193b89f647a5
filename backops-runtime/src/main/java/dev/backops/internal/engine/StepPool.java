package dev.backops.internal.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Threads that run the steps of a queue, or of all queues that have none of their own.
 *
 * <p>It takes no more than its threads can start within a tenth of a second, by the measured time of a step: what lies in a
 * buffer, other processes cannot run, and a crash leaves it to the rescue.
 */
final class StepPool {

    private static final double HORIZON_NANOS = 100_000_000;
    private static final int MAX_BUFFERED = 1_000;

    /** Threads that none of them came free for so long are no good to what waits for them. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int concurrency;
    private final ThreadPoolExecutor threads;

    /** How many operations it has in hand. */
    private final AtomicInteger size = new AtomicInteger();

    /** A moving average. Threads overwrite each other's samples now and then, which an average can bear. */
    private volatile double stepNanos = HORIZON_NANOS;

    /** When a thread last came free. */
    private volatile long freedAt = System.nanoTime();

    StepPool(int concurrency, ThreadFactory factory) {
        this.concurrency = concurrency;
        this.threads = new ThreadPoolExecutor(
                concurrency, concurrency, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
    }

    /** Counts one operation more in hand. */
    void taken() {
        size.incrementAndGet();
    }

    /** Counts one operation less. */
    void released() {
        size.decrementAndGet();
    }

    /**
     * Runs a step as soon as a thread is free; false if no step starts any more. An error, since there is no thread to be had,
     * means that it will not run.
     */
    boolean run(Execution execution, Consumer<Execution> runner) {
        Task task = new Task(execution, runner);
        try {
            threads.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        } catch (Error e) {
            threads.remove(task);
            throw e;
        }
    }

    /** Notes how long a step took. */
    void measured(long nanos) {
        double before = stepNanos;
        stepNanos = before + (nanos - before) / 16;
    }

    /**
     * How many operations to claim now; 0 while it is not worth a claim. Threads about to starve are always worth one;
     * otherwise a quarter of the capacity is, so that claims come in batches.
     */
    int room() {
        int capacity = capacity();
        int room = capacity - size.get();
        return room >= Math.max(1, capacity / 4) || threads.getQueue().isEmpty() ? Math.max(0, room) : 0;
    }

    /** Takes back what waits for threads that none of them came free for a while. */
    List<Execution> takeStranded() {
        return isStuck() ? drain() : List.of();
    }

    private boolean isStuck() {
        return System.nanoTime() - freedAt > PATIENCE_NANOS && threads.getActiveCount() >= concurrency;
    }

    /** Starts no step any more; returns the operations whose step has not started. */
    List<Execution> stop() {
        threads.shutdown();
        return drain();
    }

    private List<Execution> drain() {
        List<Runnable> tasks = new ArrayList<>();
        threads.getQueue().drainTo(tasks);
        return tasks.stream().map(task -> ((Task) task).execution()).toList();
    }

    /** Interrupts the steps that still run after a stop. */
    void interrupt() {
        threads.shutdownNow();
    }

    /** Waits until no step runs; false if one still does after the limit. */
    boolean awaitEnd(Duration limit) throws InterruptedException {
        return threads.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private int capacity() {
        if (isStuck()) {
            return concurrency;
        }
        double buffered = concurrency * HORIZON_NANOS / Math.max(stepNanos, 1);
        return concurrency + (int) Math.min(buffered, MAX_BUFFERED);
    }

    /** One step. */
    private final class Task implements Runnable {

        private final Execution execution;
        private final Consumer<Execution> runner;

        Task(Execution execution, Consumer<Execution> runner) {
            this.execution = execution;
            this.runner = runner;
        }

        Execution execution() {
            return execution;
        }

        @Override
        public void run() {
            freedAt = System.nanoTime();
            runner.accept(execution);
            freedAt = System.nanoTime();
        }
    }
}
