package dev.backops.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Calls from several threads at the same time. */
final class InParallel {

    private InParallel() {}

    /** Calls with each number once; whichever thread is free takes the next one. */
    static void forEach(int threads, long first, int count, LongConsumer call) {
        AtomicLong next = new AtomicLong(first);
        run(threads, () -> {
            for (long number = next.getAndIncrement(); number < first + count; number = next.getAndIncrement()) {
                call.accept(number);
            }
        });
    }

    /** Runs in each thread once, and waits for all. */
    static void run(int threads, Runnable body) {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(pool.submit(body));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    /** Waits for threads that are told to end. */
    static void join(List<Thread> threads) {
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
