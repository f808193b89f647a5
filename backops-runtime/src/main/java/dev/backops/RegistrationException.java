package dev.backops;

/** An operation could not be registered: it is registered already, or the engine has started. */
public final class RegistrationException extends BackOpsException {

    private static final long serialVersionUID = 1L;

    public RegistrationException(String message) {
        super(message);
    }
}
