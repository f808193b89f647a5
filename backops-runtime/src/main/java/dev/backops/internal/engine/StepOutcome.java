package dev.backops.internal.engine;

import dev.backops.internal.engine.RunningStep.Reason;
import org.jspecify.annotations.Nullable;

/** What has come of a run of a step, and what is left to do about it. */
sealed interface StepOutcome {

    /**
     * It returned or threw, and the journal has to record it.
     *
     * @param error what it threw, or null
     * @param interruption why it was interrupted, or null
     */
    record ToRecord(
            JournalEntry entry,
            @Nullable Throwable error,
            @Nullable Reason interruption) implements StepOutcome {}

    /** It recorded itself, and this is the state of the operation since; see {@link Journal.Settlement#recorded}. */
    record Recorded(JournalEntry entry, String state) implements StepOutcome {}

    /** Nothing is recorded, and it is not for this worker to do it any more, or not in this process. */
    record NotRecorded() implements StepOutcome {}
}
