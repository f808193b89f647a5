package dev.backops;

/** Which of the operations that are due start first: all of a higher priority before any of a lower one. */
public enum Priority {
    URGENT,
    HIGH,
    NORMAL,
    LOW
}
