package dev.backops;

/** An operation was to be resumed that has not failed. */
public final class NotFailedException extends BackOpsException {

    private static final long serialVersionUID = 1L;

    public NotFailedException(String message) {
        super(message);
    }
}
