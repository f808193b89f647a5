package dev.backops.internal.engine;

import dev.backops.StepRun;
import dev.backops.codegen.StepBody;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.TransactionalStepBody;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Runs one attempt at one step on the calling thread. The only place that calls the code of users. */
final class StepRunner {

    private static final Logger log = LoggerFactory.getLogger(StepRunner.class);

    private final String installation;
    private final BiFunction<Execution, TransactionalSteps.Step, StepOutcome> transactional;
    private final Set<Running> running = ConcurrentHashMap.newKeySet();

    StepRunner(String installation, BiFunction<Execution, TransactionalSteps.Step, StepOutcome> transactional) {
        this.installation = installation;
        this.transactional = transactional;
    }

    /** Runs the step, and says what has come of it; whatever the step throws is part of that. */
    StepOutcome run(Execution execution) {
        MDC.put("operationId", Long.toString(execution.id()));
        MDC.put("operation", execution.definition().name());
        MDC.put("step", execution.step().name());
        try {
            StepOutcome outcome = execution.step().isTransactional()
                    ? transactional.apply(execution, new Transactional(execution))
                    : call(execution, () -> body(execution).call(execution.values(), stepRun(execution)));
            if (outcome instanceof StepOutcome.ToRecord toRecord && toRecord.error() != null) {
                log(toRecord.entry().transition(), toRecord.error());
            }
            return outcome;
        } finally {
            // What the step put there itself goes as well: the thread belongs to the next one.
            MDC.clear();
        }
    }

    /** Interrupts the running steps of a worker. */
    void interrupt(long worker) {
        running.stream().filter(step -> step.execution.worker() == worker).forEach(Running::interrupt);
    }

    /** Whether a thread is in the middle of a step. */
    boolean isRunningOn(Thread thread) {
        return running.stream().anyMatch(step -> step.thread == thread);
    }

    /** The operations whose steps run now. */
    Set<Long> running() {
        Set<Long> ids = ConcurrentHashMap.newKeySet();
        running.forEach(step -> ids.add(step.execution.id()));
        return ids;
    }

    // Everything that a step can throw is the step's failure, errors too: the thread and the others must go on.
    @SuppressWarnings("CatchingUnchecked")
    private StepOutcome.ToRecord call(Execution execution, Callable<StepResult> code) {
        Running me = new Running(execution, Thread.currentThread());
        running.add(me);
        long start = System.nanoTime();
        Transition transition;
        Throwable error = null;
        try {
            transition = Transitions.finished(execution, code.call());
        } catch (Throwable e) {
            error = e;
            transition = failed(execution, e);
        } finally {
            me.end();
            running.remove(me);
        }
        long end = System.nanoTime();
        return new StepOutcome.ToRecord(new JournalEntry(transition, end - start, end), error, me.interrupted());
    }

    private static Transition failed(Execution execution, Throwable error) {
        return Transitions.failed(execution, error, ThreadLocalRandom.current().nextDouble());
    }

    private static StepBody body(Execution execution) {
        return execution.definition().code().body(execution.step().name());
    }

    private StepRun stepRun(Execution execution) {
        return new Run(execution, installation);
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

    /** A step in its own transaction. */
    private final class Transactional implements TransactionalSteps.Step {

        private final Execution execution;

        Transactional(Execution execution) {
            this.execution = execution;
        }

        @Override
        public StepOutcome.ToRecord call(Handle handle) {
            TransactionalStepBody body = execution
                    .definition()
                    .code()
                    .transactionalBody(execution.step().name());
            return StepRunner.this.call(execution, () -> body.call(execution.values(), stepRun(execution), handle));
        }

        @Override
        public StepOutcome.ToRecord failed(Throwable error) {
            long now = System.nanoTime();
            return new StepOutcome.ToRecord(
                    new JournalEntry(StepRunner.failed(execution, error), 0, now), error, /* interrupted= */ false);
        }

        @Override
        public String toString() {
            return execution.step().name();
        }
    }

    /** What the step sees of itself. */
    private record Run(Execution execution, String installation) implements StepRun {

        @Override
        public long operationId() {
            return execution.id();
        }

        @Override
        public String step() {
            return execution.step().name();
        }

        @Override
        public int attempt() {
            return execution.attempt();
        }

        @Override
        public boolean lastAttempt() {
            return execution.attempt() >= execution.step().retry().maxAttempts();
        }

        @Override
        public String idempotencyKey() {
            // The name too: a repair may put another step in the place of one that was tried already.
            return installation
                    + "-"
                    + execution.id()
                    + "-"
                    + execution.seq()
                    + "-"
                    + Integer.toHexString(execution.step().name().hashCode());
        }

        @Override
        public String toString() {
            return execution.definition().name() + " " + execution.id() + " " + step() + " attempt " + attempt();
        }
    }

    /** A step that runs, and that can be interrupted only while it does: the thread goes on to the steps of others. */
    private static final class Running {

        final Execution execution;
        private final Thread thread;
        private boolean ended;
        private boolean interrupted;

        Running(Execution execution, Thread thread) {
            this.execution = execution;
            this.thread = thread;
        }

        synchronized void interrupt() {
            if (!ended) {
                interrupted = true;
                thread.interrupt();
            }
        }

        synchronized boolean interrupted() {
            return interrupted;
        }

        synchronized void end() {
            ended = true;
            // An interrupt that the step did not notice must not hit the next one.
            Thread.interrupted();
        }
    }
}
