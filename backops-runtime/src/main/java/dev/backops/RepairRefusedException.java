package dev.backops;

import org.jspecify.annotations.Nullable;

/** A repair makes no sense for the operation as it stands; the message says why. Nothing was changed. */
public final class RepairRefusedException extends BackOpsException {

    private static final long serialVersionUID = 1L;

    public RepairRefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
