package dev.backops.internal.engine;

import dev.backops.internal.store.JournalStore.AttemptKey;
import dev.backops.internal.store.JournalStore.FailedRow;
import dev.backops.internal.store.JournalStore.FinishedRow;
import dev.backops.internal.store.JournalStore.Next;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A transition that waits to be recorded.
 *
 * @param ranForNanos how long the step ran
 * @param endedAtNanos when it ended, by the monotonic clock
 */
record JournalEntry(Transition transition, long ranForNanos, long endedAtNanos) {

    private static final String UNSTORABLE = "dev.backops.UnstorableOutcome";
    private static final String CHANGED = "dev.backops.ChangedOperation";

    Execution run() {
        return transition.run();
    }

    AttemptKey key() {
        return run().record().key();
    }

    /** In which way it is written. */
    Kind kind() {
        if (transition instanceof Transition.Proceed || transition instanceof Transition.End) {
            return Kind.FINISHED;
        }
        return transition instanceof Transition.Compensate ? Kind.COMPENSATED : Kind.FAILED;
    }

    /** The row of a step that returned, or that failed for good and is followed by its failure branch. */
    FinishedRow finishedRow(long nowNanos) {
        if (transition instanceof Transition.Proceed proceed) {
            return finishedRow("completed", proceed.next(), proceed.time(), null, proceed.outputs(), null, nowNanos);
        }
        if (transition instanceof Transition.Compensate compensate) {
            return finishedRow("failed", compensate.next(), compensate.time(), null, null, null, nowNanos);
        }
        if (transition instanceof Transition.End end) {
            return finishedRow(
                    "completed", null, StartTime.NOW, end.outcome().sql(), end.outputs(), end.finalOutputs(), nowNanos);
        }
        throw new IllegalStateException("Not the end of a step: " + transition.getClass());
    }

    private FinishedRow finishedRow(
            String status,
            @Nullable Execution next,
            StartTime time,
            @Nullable String outcome,
            @Nullable String outputs,
            @Nullable String finalOutputs,
            long nowNanos) {
        return new FinishedRow(
                run().record(),
                status,
                next == null
                        ? null
                        : new Next(next.record().step(), TimeUnit.MICROSECONDS.convert(time.delay()), time.at()),
                (next == null ? run() : next).compensating(),
                outcome,
                outputs,
                finalOutputs,
                ranForNanos / 1_000,
                (nowNanos - endedAtNanos) / 1_000);
    }

    /** The row of a failed attempt. */
    FailedRow failedRow() {
        if (transition instanceof Transition.RetryIn retry) {
            return failedRow(TimeUnit.MICROSECONDS.convert(retry.delay()), retry.error());
        }
        if (transition instanceof Transition.Fail fail) {
            return failedRow(null, fail.error());
        }
        if (transition instanceof Transition.Compensate compensate) {
            return failedRow(null, compensate.error());
        }
        throw new IllegalStateException("Not a failure: " + transition.getClass());
    }

    private FailedRow failedRow(@Nullable Long retryIn, ErrorReport error) {
        return new FailedRow(
                run().record(), retryIn, error.errorClass(), error.message(), error.frame(), error.stackTrace());
    }

    /** Whether nothing of the user's is in it. */
    boolean withoutContent() {
        return transition instanceof Transition.Fail fail
                && fail.error().errorClass().equals(UNSTORABLE);
    }

    /** What becomes of an entry that the database refused for what it holds: the operation fails, in plain words. */
    JournalEntry refused(@Nullable String sqlState) {
        return failed(
                UNSTORABLE, "PostgreSQL refused to store what the step returned or threw (SQLSTATE " + sqlState + ")");
    }

    /** What becomes of a step whose operation somebody has changed meanwhile, so that nothing can follow on it. */
    JournalEntry changed() {
        return failed(
                CHANGED,
                "The operation was changed by hand while its step ran; what the step returned is not recorded");
    }

    private JournalEntry failed(String errorClass, String message) {
        ErrorReport report = ErrorReport.plain(errorClass, message);
        return new JournalEntry(new Transition.Fail(run(), report), ranForNanos, endedAtNanos);
    }

    /** The statements there are. */
    enum Kind {
        FINISHED,
        FAILED,
        COMPENSATED
    }
}
