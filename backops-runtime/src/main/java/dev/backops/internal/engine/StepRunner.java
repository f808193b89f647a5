package dev.backops.internal.engine;

import dev.backops.StepRun;
import dev.backops.codegen.StepResult;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Runs one attempt at one step on the calling thread. The only place that calls the code of users. */
final class StepRunner {

    private static final Logger log = LoggerFactory.getLogger(StepRunner.class);

    private final String installation;
    private final Set<Running> running = ConcurrentHashMap.newKeySet();

    StepRunner(String installation) {
        this.installation = installation;
    }

    /** Runs the step and says what follows from it; whatever the step throws is part of that. */
    JournalEntry run(Execution execution) {
        Running me = new Running(execution, Thread.currentThread());
        running.add(me);
        MDC.put("operationId", Long.toString(execution.id()));
        MDC.put("operation", execution.definition().name());
        MDC.put("step", execution.step().name());
        long start = System.nanoTime();
        try {
            Transition transition = call(execution);
            long end = System.nanoTime();
            return new JournalEntry(transition, end - start, end);
        } finally {
            me.end();
            running.remove(me);
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
    private Transition call(Execution execution) {
        try {
            StepResult result = execution
                    .definition()
                    .code()
                    .body(execution.step().name())
                    .call(execution.values(), new Run(execution, installation));
            return Transitions.finished(execution, result);
        } catch (Throwable e) {
            Transition transition =
                    Transitions.failed(execution, e, ThreadLocalRandom.current().nextDouble());
            log(transition, e);
            return transition;
        }
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

        Running(Execution execution, Thread thread) {
            this.execution = execution;
            this.thread = thread;
        }

        synchronized void interrupt() {
            if (!ended) {
                thread.interrupt();
            }
        }

        synchronized void end() {
            ended = true;
            // An interrupt that the step did not notice must not hit the next one.
            Thread.interrupted();
        }
    }
}
