package dev.backops.internal.engine;

import dev.backops.StepRun;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call of a step: what the step sees of itself, and how others reach it. It can be interrupted only while it runs, since
 * the thread goes on to the steps of others.
 */
final class RunningStep implements StepRun {

    /** A line, or two. */
    private static final int MAX_NOTE = 500;

    /** Why a step is to come to its end early. */
    enum Reason {
        /** Its time is up. */
        TIMEOUT,
        /** Others run its operation. */
        LEASE_LOST,
        /** Somebody wants the operation cancelled or paused without waiting for the step. */
        UNWANTED,
        /** The process stops, and the grace period is over. */
        STOP
    }

    private final Execution execution;
    private final String installation;
    private final Thread thread;
    private final Runnable stopStatement;
    private final Runnable onProgress;
    private final @Nullable Instant deadline;

    // Guarded by this.
    private boolean ended;
    private @Nullable Reason interruption;

    private volatile boolean cancelled;
    private volatile @Nullable String note;

    /**
     * For the calling thread; {@code stopStatement} ends the SQL statement for which the step waits, {@code onProgress}
     * hears of each note.
     */
    RunningStep(Execution execution, String installation, Runnable stopStatement, Runnable onProgress) {
        this.execution = execution;
        this.installation = installation;
        this.thread = Thread.currentThread();
        this.stopStatement = stopStatement;
        this.onProgress = onProgress;
        Duration timeout = execution.step().timeout();
        this.deadline = timeout == null ? null : Instant.now().plus(timeout);
    }

    Execution execution() {
        return execution;
    }

    boolean runsOn(Thread other) {
        return thread == other;
    }

    /** Interrupts the step, unless it has ended or was interrupted before; returns whether it did. */
    synchronized boolean interrupt(Reason reason) {
        if (ended || interruption != null) {
            return false;
        }
        interruption = reason;
        cancelled = true;
        thread.interrupt();
        return true;
    }

    /** Ends the statement for whose answer the step waits: such a wait does not notice an interrupt. May take its time. */
    synchronized void stopStatement() {
        if (!ended) {
            stopStatement.run();
        }
    }

    /** Lets the step know that nobody needs its result. */
    void cancel() {
        cancelled = true;
    }

    /** Ends the call; returns why it was interrupted, or null. */
    synchronized @Nullable Reason end() {
        ended = true;
        // An interrupt that the step did not notice must not hit the next one.
        boolean unused = Thread.interrupted();
        return interruption;
    }

    @Override
    public long operationId() {
        return execution.id();
    }

    @Override
    public String operation() {
        return execution.definition().name();
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
        return key(execution.seq(), execution.step().name());
    }

    @Override
    public String idempotencyKey(String earlierStep) {
        PastStep past = execution.past();
        while (past != null && !past.name().equals(earlierStep)) {
            past = past.before();
        }
        if (past != null) {
            return key(past.seq(), past.name());
        }
        if (earlierStep.equals(step())) {
            return idempotencyKey();
        }
        throw new IllegalArgumentException("Operation " + execution.definition().name() + " " + execution.id()
                + " has not run a step " + earlierStep + " before " + step());
    }

    private String key(int seq, String stepName) {
        // The name too: a repair may put another step in the place of one that was tried already. The stored one: a
        // deploy
        // that renames the step may come between two attempts.
        String stored = execution.definition().names().stored(stepName);
        return installation + "-" + execution.id() + "-" + seq + "-" + Integer.toHexString(stored.hashCode());
    }

    @Override
    public Optional<Instant> deadline() {
        return Optional.ofNullable(deadline);
    }

    @Override
    public boolean cancelled() {
        return cancelled;
    }

    @Override
    public void progress(String newNote) {
        note = ErrorReport.storable(Objects.requireNonNull(newNote, "note"), MAX_NOTE);
        onProgress.run();
    }

    /** What the step has said of its progress, or null. */
    @Nullable
    String note() {
        return note;
    }

    @Override
    public String toString() {
        return operation() + " " + execution.id() + " " + step() + " attempt " + attempt();
    }
}
