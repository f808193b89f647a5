package dev.backops;

/** This BackOps is closed and takes no more calls. */
public final class ClosedException extends BackOpsException {

    private static final long serialVersionUID = 1L;

    public ClosedException(String message) {
        super(message);
    }
}
