package dev.backops;

/** A stored param or output is missing or is not of its declared type, so that a step cannot be called with it. */
public final class StoredValueException extends BackOpsException {

    private static final long serialVersionUID = 1L;

    public StoredValueException(String message) {
        super(message);
    }
}
