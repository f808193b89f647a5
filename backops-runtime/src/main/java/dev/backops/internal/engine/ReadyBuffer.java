package dev.backops.internal.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The operations in the hands of this process, with the threads that run their steps.
 *
 * <p>It takes no more than the threads can start within a tenth of a second, by the measured time of a step: what lies in a
 * buffer, other processes cannot run, and a crash leaves it to the rescue.
 */
final class ReadyBuffer {

    private static final double HORIZON_NANOS = 100_000_000;
    private static final int MAX_SIZE = 1_000;

    private final int concurrency;
    private final Consumer<Execution> runner;
    private final ThreadPoolExecutor threads;

    /** The operations in hand, with the id of the worker that claimed each. */
    private final Map<Long, Long> inHand = new ConcurrentHashMap<>();

    /** Of those, the suspects whose step is not recorded yet: one at most. */
    private final Set<Long> suspects = ConcurrentHashMap.newKeySet();

    /** A moving average. Threads overwrite each other's samples now and then, which an average can bear. */
    private volatile double stepNanos = HORIZON_NANOS;

    ReadyBuffer(int concurrency, Consumer<Execution> runner) {
        this.concurrency = concurrency;
        this.runner = runner;
        this.threads = new ThreadPoolExecutor(
                concurrency,
                concurrency,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Threads.forSteps("backops-step-"));
    }

    /** Takes an operation in hand; false if this process has it already, still running under an older claim. */
    boolean admit(long id, long worker) {
        return inHand.putIfAbsent(id, worker) == null;
    }

    /** Notes that processes died with an operation in hand. */
    void suspect(long id) {
        suspects.add(id);
    }

    /** Notes that a step was recorded, so that nobody suspects its operation any longer. */
    void acquit(long id) {
        suspects.remove(id);
    }

    /** How many suspects to claim now. Two at a time would share the blame for a crash. */
    int roomForSuspects() {
        return suspects.isEmpty() ? 1 : 0;
    }

    /** Runs the next step of an operation in hand as soon as a thread is free; false if no step starts any more. */
    boolean ready(Execution execution) {
        try {
            threads.execute(new Task(execution, runner));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Lets go of an operation. */
    void release(long id) {
        suspects.remove(id);
        inHand.remove(id);
    }

    /** The ids of the operations in hand that a worker of this id has claimed. */
    Set<Long> inHand(long worker) {
        return inHand.entrySet().stream()
                .filter(one -> one.getValue() == worker)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
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
        int room = capacity - inHand.size();
        return room >= Math.max(1, capacity / 4) || threads.getQueue().isEmpty() ? Math.max(0, room) : 0;
    }

    /** Starts no step any more; returns the operations whose step has not started. */
    List<Execution> stop() {
        threads.shutdown();
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
        double buffered = concurrency * HORIZON_NANOS / Math.max(stepNanos, 1);
        return concurrency + (int) Math.min(buffered, MAX_SIZE);
    }

    private record Task(Execution execution, Consumer<Execution> runner) implements Runnable {

        @Override
        public void run() {
            runner.accept(execution);
        }
    }
}
