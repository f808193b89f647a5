package dev.backops.annotation;

/** For how long the key of an operation keeps others of the same name and key out. */
public enum KeyScope {
    /** As long as the operation's row is kept, which is until retention deletes it. */
    FOREVER,
    /** Until the operation has completed or was compensated or cancelled; a failed one still holds its key. */
    UNFINISHED
}
