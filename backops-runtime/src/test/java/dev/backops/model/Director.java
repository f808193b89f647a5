package dev.backops.model;

import dev.backops.StepRun;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Values;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Holds every step that runs until the test says how it ends, and notes what it saw. Safe for every thread. */
final class Director {

    static final String LEDGER = "CREATE TABLE IF NOT EXISTS ledger (operation bigint NOT NULL, seq int NOT NULL)";

    private final Set<Call> calls = ConcurrentHashMap.newKeySet();
    private final List<Call> history = Collections.synchronizedList(new ArrayList<>());
    private final List<String> violations = Collections.synchronizedList(new ArrayList<>());

    /** The workers that others take for dead. */
    private final Set<Integer> dead = ConcurrentHashMap.newKeySet();

    /** The steps of a worker. */
    OperationSteps steps(int worker, Version code) {
        OperationSteps steps = OperationSteps.of(code.definition());
        for (StepDefinition step : code.definition().steps()) {
            steps = step.isTransactional()
                    ? steps.transactionalStep(
                            step.name(), (values, run, handle) -> call(worker, code, step, values, run, handle))
                    : steps.step(step.name(), (values, run) -> call(worker, code, step, values, run, null));
        }
        return steps;
    }

    private StepResult call(
            int worker, Version code, StepDefinition step, Values values, StepRun run, @Nullable Handle handle)
            throws Exception {
        Call call = new Call(worker, code, step, run.operationId(), run.attempt(), run.idempotencyKey(), values.json());
        begin(call);
        try {
            Callable<StepResult> ending = call.ending.get();
            if (handle != null) {
                handle.execute("INSERT INTO ledger VALUES (?, ?)", run.operationId(), call.seq());
            }
            return ending.call();
        } catch (InterruptedException e) {
            throw new InterruptedException("interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("Nobody ends a call with an error", e);
        } finally {
            calls.remove(call);
        }
    }

    private synchronized void begin(Call call) {
        calls.add(call);
        if (dead.contains(call.worker)) {
            // By its own clock its lease holds, so it may begin, and record nothing.
            return;
        }
        if (calls().stream().anyMatch(other -> other != call && other.operation == call.operation)) {
            violations.add(call + " began while another step of the operation ran");
        }
        history(call.operation).stream()
                .filter(other -> other.seq() == call.seq() && other.step.name().equals(call.step.name()))
                .filter(other -> !other.key.equals(call.key))
                .forEach(other -> violations.add(call + " has another key than the attempt before"));
        history.add(call);
    }

    /** Ends a step; returns at once. */
    void end(Call call, Callable<StepResult> ending) {
        calls.remove(call);
        call.ending.complete(ending);
    }

    void isDead(int worker) {
        dead.add(worker);
    }

    /** The steps that run on workers that live. */
    List<Call> calls() {
        return calls.stream().filter(call -> !dead.contains(call.worker)).toList();
    }

    /** The steps in which a worker is, whether it is taken for dead or not. */
    List<Call> calls(int worker) {
        return calls.stream().filter(call -> call.worker == worker).toList();
    }

    Optional<Call> call(long operation) {
        return calls().stream().filter(call -> call.operation == operation).findFirst();
    }

    /** Every step of an operation that began, in order. */
    List<Call> history(long operation) {
        synchronized (history) {
            return history.stream().filter(call -> call.operation == operation).toList();
        }
    }

    List<String> violations() {
        synchronized (violations) {
            return List.copyOf(violations);
        }
    }

    /** Lets go of everything. */
    void close() {
        calls.forEach(call -> end(call, () -> {
            throw new InterruptedException("The test is over");
        }));
    }

    /** A step that runs, or that ran. */
    static final class Call {

        final int worker;
        final Version code;
        final StepDefinition step;
        final long operation;
        final int attempt;
        final String key;
        final Map<String, Object> values;
        private final CompletableFuture<Callable<StepResult>> ending = new CompletableFuture<>();

        private Call(
                int worker,
                Version code,
                StepDefinition step,
                long operation,
                int attempt,
                String key,
                Map<String, Object> values) {
            this.worker = worker;
            this.code = code;
            this.step = step;
            this.operation = operation;
            this.attempt = attempt;
            this.key = key;
            this.values = new TreeMap<>(values);
        }

        /** Its place in the history of the operation, which is part of its idempotency key. */
        int seq() {
            return Integer.parseInt(List.of(key.split("-", -1)).get(2));
        }

        /** The same as {@link Reality#expected} says. */
        @Override
        public String toString() {
            return "worker " + worker + " runs " + seq() + " " + step.name() + " attempt " + attempt + " " + values;
        }
    }
}
