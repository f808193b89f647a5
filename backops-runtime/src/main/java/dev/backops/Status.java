package dev.backops;

import java.util.Locale;

/** Where an operation stands; in SQL the same words in lower case. */
public enum Status {
    /** Waits for its time. */
    SCHEDULED,
    /** Waits for a free worker. */
    READY,
    /**
     * Is due, but nobody may or can run it: its name or its queue is paused, or no live worker has the code for it. The
     * column {@code reason} of the views says which.
     */
    WAITING,
    /** Is in the hands of a worker. */
    RUNNING,
    /** An attempt of its step failed, and another one will follow. */
    RETRYING,
    /** A step failed for good; resume it once the cause is mended. */
    FAILED,
    /** Was stopped by someone, and waits until someone lets it go on. */
    PAUSED,
    /** A step failed for good, and its failure branch is done. */
    COMPENSATED,
    /** Was ended by someone before its last step. */
    CANCELLED,
    /** All steps are done. */
    COMPLETED;

    /** The word in the views. */
    public String sql() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The status of a word in the views.
     *
     * @throws IllegalArgumentException for any other word
     */
    public static Status ofSql(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** Whether nothing more happens to the operation unless someone asks for it. */
    public boolean ended() {
        return this == FAILED || this == COMPENSATED || this == CANCELLED || this == COMPLETED;
    }
}
