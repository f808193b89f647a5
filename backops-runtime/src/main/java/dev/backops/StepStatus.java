package dev.backops;

/** Where a step of an operation stands; in SQL the same words in lower case. */
public enum StepStatus {
    /** Is planned, and has not run. */
    PENDING,
    /** Runs now. */
    RUNNING,
    /** Failed, and another attempt will follow. */
    RETRYING,
    /** Failed for good: the operation has failed, or its failure branch follows. */
    FAILED,
    /** Is next, but somebody has paused the operation. */
    PAUSED,
    /** Was next when somebody cancelled the operation. */
    CANCELLED,
    /** Was not run: a jump, or a step that always goes on elsewhere, passed it over, or somebody gave its outputs. */
    SKIPPED,
    /** Is recorded, and never runs again. */
    COMPLETED
}
