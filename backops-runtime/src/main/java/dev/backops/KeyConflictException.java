package dev.backops;

/** An operation with the same name and key was enqueued before with other params. Nothing was added. */
public final class KeyConflictException extends BackOpsException {

    private static final long serialVersionUID = 1L;

    public KeyConflictException(String message) {
        super(message);
    }
}
