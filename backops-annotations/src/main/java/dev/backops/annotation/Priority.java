package dev.backops.annotation;

/** Which of the operations that are due start first: all of a higher priority before any of a lower one. */
public enum Priority {
    URGENT(0),
    HIGH(1),
    NORMAL(2),
    LOW(3);

    private final int rank;

    Priority(int rank) {
        this.rank = rank;
    }

    /** The number in the table, smaller for what starts first. */
    public int rank() {
        return rank;
    }
}
