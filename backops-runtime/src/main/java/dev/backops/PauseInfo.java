package dev.backops;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that is paused as a whole; the same as a row of the view {@code pauses}.
 *
 * @param kind what it is
 * @param name the name of the queue, or the stored name of the operations
 * @param who the person or program that paused it, or the role of its connection
 * @param why the reason, or null
 * @param since when, by the database's clock
 */
public record PauseInfo(
        Kind kind, String name, String who, @Nullable String why, Instant since) {

    /** What can be paused as a whole. */
    public enum Kind {
        /** All operations of a name; see {@link Operations#pauseName}. */
        NAME,
        /** All operations of a queue; see {@link Operations#pauseQueue}. */
        QUEUE
    }
}
