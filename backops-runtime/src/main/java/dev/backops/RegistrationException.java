package dev.backops;

import org.jspecify.annotations.Nullable;

/** An operation could not be registered: it is registered already, the engine has started, or its Jdbi leads elsewhere. */
public final class RegistrationException extends BackOpsException {

    private static final long serialVersionUID = 1L;

    public RegistrationException(String message) {
        super(message);
    }

    public RegistrationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
