package dev.backops;

/** An operation had not ended when the time to wait for it was over. It goes on. */
public final class AwaitTimeoutException extends BackOpsException {

    private static final long serialVersionUID = 1L;

    public AwaitTimeoutException(String message) {
        super(message);
    }
}
