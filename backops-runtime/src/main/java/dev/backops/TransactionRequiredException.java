package dev.backops;

/** An enqueue was to join a transaction, but the handle has none open. Nothing was added. */
public final class TransactionRequiredException extends BackOpsException {

    private static final long serialVersionUID = 1L;

    public TransactionRequiredException(String message) {
        super(message);
    }
}
