package dev.backops;

import org.jspecify.annotations.Nullable;

/** The database could not be reached, or refused a statement for a reason that is not the caller's. */
public final class DatabaseException extends BackOpsException {

    private static final long serialVersionUID = 1L;

    public DatabaseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
