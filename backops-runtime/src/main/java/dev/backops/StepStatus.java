package dev.backops;

/** Where a step of an operation stands; in SQL the same words in lower case. */
public enum StepStatus {
    /** Is planned, and has not run. */
    PENDING,
    /** Runs now. */
    RUNNING,
    /** Failed, and another attempt will follow. */
    RETRYING,
    /** Failed for good, and the operation with it. */
    FAILED,
    /** Is recorded, and never runs again. */
    COMPLETED
}
