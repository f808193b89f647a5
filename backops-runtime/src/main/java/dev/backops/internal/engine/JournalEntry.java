package dev.backops.internal.engine;

import dev.backops.internal.store.JournalStore.AttemptKey;
import dev.backops.internal.store.JournalStore.FailedRow;
import dev.backops.internal.store.JournalStore.FinishedRow;
import org.jspecify.annotations.Nullable;

/**
 * A transition that waits to be recorded.
 *
 * @param ranForNanos how long the step ran
 * @param endedAtNanos when it ended, by the monotonic clock
 */
record JournalEntry(Transition transition, long ranForNanos, long endedAtNanos) {

    private static final String UNSTORABLE = "dev.backops.UnstorableOutcome";

    Execution run() {
        return transition.run();
    }

    AttemptKey key() {
        return run().record().key();
    }

    boolean finished() {
        return transition instanceof Transition.Proceed || transition instanceof Transition.Complete;
    }

    FinishedRow finishedRow(long nowNanos) {
        long ranFor = ranForNanos / 1_000;
        long endedAgo = (nowNanos - endedAtNanos) / 1_000;
        if (transition instanceof Transition.Proceed proceed) {
            String next = proceed.next().step().name();
            return new FinishedRow(run().record(), next, proceed.outputs(), null, ranFor, endedAgo);
        }
        if (transition instanceof Transition.Complete complete) {
            return new FinishedRow(run().record(), null, complete.outputs(), complete.finalOutputs(), ranFor, endedAgo);
        }
        throw new IllegalStateException("Not the end of a step: " + transition.getClass());
    }

    FailedRow failedRow() {
        if (transition instanceof Transition.RetryIn retry) {
            return failedRow(retry.delay().toNanos() / 1_000, retry.error());
        }
        if (transition instanceof Transition.Fail fail) {
            return failedRow(null, fail.error());
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
        ErrorReport report = ErrorReport.plain(
                UNSTORABLE, "PostgreSQL refused to store what the step returned or threw (SQLSTATE " + sqlState + ")");
        return new JournalEntry(new Transition.Fail(run(), report), ranForNanos, endedAtNanos);
    }
}
