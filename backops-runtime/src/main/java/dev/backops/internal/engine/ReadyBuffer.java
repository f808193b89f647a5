package dev.backops.internal.engine;

import dev.backops.codegen.OperationDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The operations in the hands of this process, each with the threads that run its steps: those of its queue, or the shared ones. */
final class ReadyBuffer {

    private final StepPool shared;

    /** By queue; empty for one that this process leaves to others. */
    private final Map<String, Optional<StepPool>> own = new HashMap<>();

    private final Consumer<Execution> runner;

    /** By operation. */
    private final Map<Long, InHand> inHand = new ConcurrentHashMap<>();

    /** Of those, the suspects whose step is not recorded yet: one at most. */
    private final Set<Long> suspects = ConcurrentHashMap.newKeySet();

    /**
     * One with threads of their own for some queues, by the number of those; {@code factories} makes them, by the beginning of
     * their names.
     */
    ReadyBuffer(
            int concurrency,
            Map<String, Integer> queues,
            Function<String, ThreadFactory> factories,
            Consumer<Execution> runner) {
        this.shared = new StepPool(concurrency, factories.apply("backops-step-"));
        queues.forEach((queue, threads) -> own.put(
                queue,
                threads == 0
                        ? Optional.empty()
                        : Optional.of(new StepPool(threads, factories.apply("backops-" + queue + "-")))));
        this.runner = runner;
    }

    /** The threads that run the operations of a queue; none if this process leaves it to others. */
    Optional<StepPool> pool(String queue) {
        return own.getOrDefault(queue, Optional.of(shared));
    }

    /** How many operations of a queue to claim now; none where this process does not serve it. */
    int room(String queue) {
        return pool(queue).map(StepPool::room).orElse(0);
    }

    /** All that there are. */
    List<StepPool> pools() {
        List<StepPool> pools = new ArrayList<>(List.of(shared));
        own.values().forEach(pool -> pool.ifPresent(pools::add));
        return pools;
    }

    /** Takes an operation in hand; false if this process has it already, still running under an older claim. */
    boolean admit(long id, long worker, String queue) {
        StepPool pool = pool(queue).orElse(shared);
        boolean admitted = inHand.putIfAbsent(id, new InHand(worker, queue, pool)) == null;
        if (admitted) {
            pool.taken();
        }
        return admitted;
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
        InHand held = inHand.get(execution.id());
        return (held == null ? shared : held.pool()).run(execution, runner);
    }

    /** Lets go of an operation. */
    void release(long id) {
        suspects.remove(id);
        InHand held = inHand.remove(id);
        if (held != null) {
            held.pool().released();
        }
    }

    /** The ids of the operations in hand that a worker of this id has claimed. */
    Set<Long> inHand(long worker) {
        return inHand.entrySet().stream()
                .filter(one -> one.getValue().worker() == worker)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** The queue of an operation in hand. */
    String queue(long id) {
        InHand held = inHand.get(id);
        return held == null ? OperationDefinition.DEFAULT_QUEUE : held.queue();
    }

    /** Notes how long a step of an operation in hand took. */
    void measured(long id, long nanos) {
        InHand held = inHand.get(id);
        if (held != null) {
            held.pool().measured(nanos);
        }
    }

    /** Takes back what waits behind steps that take long; its operations stay in hand. */
    List<Execution> takeStranded() {
        return pools().stream().flatMap(pool -> pool.takeStranded().stream()).toList();
    }

    /** Starts no step any more; returns the operations whose step has not started. */
    List<Execution> stop() {
        return pools().stream().flatMap(pool -> pool.stop().stream()).toList();
    }

    /** Interrupts the steps that still run after a stop. */
    void interrupt() {
        pools().forEach(StepPool::interrupt);
    }

    /** Waits until no step runs; false if one still does after the limit. */
    boolean awaitEnd(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        boolean ended = true;
        for (StepPool pool : pools()) {
            ended &= pool.awaitEnd(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
        return ended;
    }

    /** The worker that claimed an operation, its queue, and the threads that run it. */
    private record InHand(long worker, String queue, StepPool pool) {}
}
