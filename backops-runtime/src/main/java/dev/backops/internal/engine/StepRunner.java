package dev.backops.internal.engine;

import dev.backops.StepAbortedException;
import dev.backops.StepInterceptor;
import dev.backops.StepTimeoutException;
import dev.backops.codegen.StepBody;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.TransactionalStepBody;
import dev.backops.internal.engine.RunningStep.Reason;
import dev.backops.internal.store.WorkStore.Wish;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Runs one attempt at one step on the calling thread. The only place that calls the code of users. */
final class StepRunner {

    private static final Logger log = LoggerFactory.getLogger(StepRunner.class);

    private final String installation;
    private final BiFunction<Execution, TransactionalSteps.Step, StepOutcome> transactional;
    private final List<StepInterceptor> interceptors;
    private final Runnable onProgress;
    private final Set<RunningStep> running = ConcurrentHashMap.newKeySet();

    /** Calls time. Two threads, since it may take one a while to stop a statement. */
    private final ScheduledThreadPoolExecutor watch = new ScheduledThreadPoolExecutor(
            2, Threads.daemons("backops-watch-"), new ThreadPoolExecutor.DiscardPolicy());

    StepRunner(
            String installation,
            BiFunction<Execution, TransactionalSteps.Step, StepOutcome> transactional,
            List<StepInterceptor> interceptors,
            Runnable onProgress) {
        this.installation = installation;
        this.interceptors = List.copyOf(interceptors);
        this.transactional = transactional;
        this.onProgress = onProgress;
        watch.setRemoveOnCancelPolicy(true);
        watch.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs the step, and says what has come of it; whatever the step throws is part of that. */
    StepOutcome run(Execution execution) {
        MDC.put("operationId", Long.toString(execution.id()));
        MDC.put("operation", execution.definition().name());
        MDC.put("step", execution.step().name());
        try {
            StepOutcome outcome = execution.step().isTransactional()
                    ? transactional.apply(execution, new Transactional(execution))
                    : call(execution, step -> body(execution).call(execution.values(), step), () -> {});
            if (outcome instanceof StepOutcome.ToRecord toRecord && toRecord.error() != null) {
                log(toRecord.entry().transition(), toRecord.error());
            }
            return outcome;
        } finally {
            // What the step put there itself goes as well: the thread belongs to the next one.
            MDC.clear();
        }
    }

    /** Interrupts the running steps of a worker that lost its lease. */
    void interrupt(long worker) {
        steps(worker).forEach(step -> interrupt(step, Reason.LEASE_LOST));
    }

    /** Lets the step of an operation know what somebody wants of it. */
    void obey(Wish wish) {
        running.stream()
                .filter(step -> step.operationId() == wish.operationId())
                .forEach(step -> {
                    if (wish.cancel()) {
                        step.cancel();
                    }
                    if (wish.atOnce()) {
                        interrupt(step, Reason.UNWANTED);
                    }
                });
    }

    /** Interrupts all steps that run now. */
    void interruptAll() {
        running.forEach(step -> interrupt(step, Reason.STOP));
    }

    /** Watches over no step any more. */
    void close() {
        watch.shutdown();
    }

    private void interrupt(RunningStep step, Reason reason) {
        if (step.interrupt(reason)) {
            watch.execute(step::stopStatement);
        }
    }

    /** Whether a thread is in the middle of a step. */
    boolean isRunningOn(Thread thread) {
        return running.stream().anyMatch(step -> step.runsOn(thread));
    }

    /** The operations whose steps run now. */
    Set<Long> running() {
        return running.stream().map(RunningStep::operationId).collect(Collectors.toSet());
    }

    /** Those that a worker of this id has claimed. */
    Set<Long> running(long worker) {
        return steps(worker).map(RunningStep::operationId).collect(Collectors.toSet());
    }

    /** What the running steps of a worker say of their progress, by operation and steps done. */
    Map<String, String> notes(long worker) {
        Map<String, String> notes = new TreeMap<>();
        steps(worker).forEach(step -> {
            String note = step.note();
            if (note != null) {
                notes.put(step.operationId() + " " + step.execution().seq(), note);
            }
        });
        return notes;
    }

    private Stream<RunningStep> steps(long worker) {
        return running.stream().filter(step -> step.execution().worker() == worker);
    }

    // Everything that a step can throw is the step's failure, errors too: the thread and the others must go on.
    @SuppressWarnings("CatchingUnchecked")
    private StepOutcome.ToRecord call(Execution execution, Code code, Runnable stopStatement) {
        RunningStep me = new RunningStep(execution, installation, stopStatement, onProgress);
        running.add(me);
        Future<?> timeout = timeout(me);
        long start = System.nanoTime();
        StepResult result = null;
        Throwable error = null;
        try {
            result = intercepted(me, code, 0);
        } catch (Throwable e) {
            error = e;
        }
        Reason interruption = me.end();
        running.remove(me);
        timeout.cancel(false);
        long end = System.nanoTime();
        if (result != null) {
            try {
                return toRecord(Transitions.finished(execution, result), null, interruption, end - start, end);
            } catch (RuntimeException | Error e) {
                error = e;
            }
        }
        Throwable cause = blamed(execution, Objects.requireNonNull(error), interruption);
        Transition transition =
                interruption == Reason.UNWANTED ? Transitions.interrupted(execution, cause) : failed(execution, cause);
        return toRecord(transition, cause, interruption, end - start, end);
    }

    /** Calls the code inside of the interceptors from this one on. */
    private StepResult intercepted(RunningStep step, Code code, int from) throws Exception {
        if (from == interceptors.size()) {
            return Objects.requireNonNull(code.call(step), "the result of a step");
        }
        StepInterceptor interceptor = interceptors.get(from);
        Inner inner = new Inner(() -> intercepted(step, code, from + 1));
        interceptor.around(step, inner);
        return inner.result(interceptor);
    }

    private Future<?> timeout(RunningStep step) {
        Duration limit = step.execution().step().timeout();
        return limit == null
                ? CompletableFuture.completedFuture(null)
                : watch.schedule(() -> interrupt(step, Reason.TIMEOUT), limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** What a step threw after its time was up says little; unless it knows that another attempt is useless. */
    private static Throwable blamed(Execution execution, Throwable error, @Nullable Reason interruption) {
        if (interruption != Reason.TIMEOUT || error instanceof StepAbortedException) {
            return error;
        }
        return new StepTimeoutException(
                "Step " + execution.step().name() + " took longer than "
                        + execution.step().timeout(),
                error);
    }

    private static StepOutcome.ToRecord toRecord(
            Transition transition, @Nullable Throwable error, @Nullable Reason interruption, long ranFor, long ended) {
        return new StepOutcome.ToRecord(new JournalEntry(transition, ranFor, ended), error, interruption);
    }

    private static Transition failed(Execution execution, Throwable error) {
        return Transitions.failed(execution, error, ThreadLocalRandom.current().nextDouble());
    }

    // Loggers read the exception, which is the user's code; what fails in there must not keep the step from its record.
    @SuppressWarnings("CatchingUnchecked")
    private static void log(Transition transition, Throwable error) {
        try {
            logWithTrace(transition, error);
        } catch (Throwable e) {
            log.error(
                    "Step {} of operation {} threw a {}, which cannot be logged",
                    transition.run().step().name(),
                    transition.run().id(),
                    error.getClass().getName());
        }
    }

    private static void logWithTrace(Transition transition, Throwable error) {
        Execution run = transition.run();
        String step = run.step().name();
        if (transition instanceof Transition.RetryIn retry) {
            log.warn(
                    "Attempt {} at step {} of {} {} failed; the next one follows in {}",
                    run.attempt(),
                    step,
                    run.definition().name(),
                    run.id(),
                    retry.delay(),
                    error);
        } else if (transition instanceof Transition.Compensate compensate) {
            log.error(
                    "Attempt {} at step {} of {} {} failed for good; step {} follows",
                    run.attempt(),
                    step,
                    run.definition().name(),
                    run.id(),
                    compensate.next().step().name(),
                    error);
        } else {
            log.error(
                    "Attempt {} at step {} of {} {} failed, and the operation with it",
                    run.attempt(),
                    step,
                    run.definition().name(),
                    run.id(),
                    error);
        }
    }

    private static StepBody body(Execution execution) {
        return execution.definition().code().body(execution.step().name());
    }

    /** A step in its own transaction. */
    private final class Transactional implements TransactionalSteps.Step {

        private final Execution execution;

        Transactional(Execution execution) {
            this.execution = execution;
        }

        @Override
        public StepOutcome.ToRecord call(Handle handle, Runnable stopStatement) {
            TransactionalStepBody body = execution
                    .definition()
                    .code()
                    .transactionalBody(execution.step().name());
            return StepRunner.this.call(execution, step -> body.call(execution.values(), step, handle), stopStatement);
        }

        @Override
        public StepOutcome.ToRecord failed(Throwable error) {
            return toRecord(StepRunner.failed(execution, error), error, null, 0, System.nanoTime());
        }

        @Override
        public String toString() {
            return execution.step().name();
        }
    }

    /** What an interceptor runs around; its outcome stays what it is, whatever the interceptor makes of it. */
    private static final class Inner implements StepInterceptor.Call {

        private final Callable<StepResult> code;
        private boolean called;
        private @Nullable StepResult result;
        private @Nullable Throwable error;

        Inner(Callable<StepResult> code) {
            this.code = code;
        }

        // Kept and thrown on.
        @SuppressWarnings("CatchingUnchecked")
        @Override
        public void call() throws Exception {
            if (called) {
                throw new IllegalStateException("A step interceptor may call its step only once");
            }
            called = true;
            try {
                result = code.call();
            } catch (Throwable e) {
                error = e;
                throw e;
            }
        }

        StepResult result(StepInterceptor interceptor) throws Exception {
            if (error instanceof Exception exception) {
                throw exception;
            }
            if (error instanceof Error serious) {
                throw serious;
            }
            if (result == null) {
                throw new IllegalStateException(
                        "Step interceptor " + interceptor.getClass().getName() + " did not call its step");
            }
            return result;
        }
    }

    /** The code of a user. */
    @FunctionalInterface
    private interface Code {

        StepResult call(RunningStep step) throws Exception;
    }
}
