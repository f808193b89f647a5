package dev.backops;

import org.jspecify.annotations.Nullable;

/** What every exception of BackOps extends. */
public abstract class BackOpsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    protected BackOpsException(String message) {
        super(message);
    }

    protected BackOpsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
