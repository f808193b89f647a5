package dev.backops;

/** There is no operation with the id that was asked for. */
public final class OperationNotFoundException extends BackOpsException {

    private static final long serialVersionUID = 1L;

    public OperationNotFoundException(String message) {
        super(message);
    }
}
