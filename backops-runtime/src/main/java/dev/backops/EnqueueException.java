package dev.backops;

import org.jspecify.annotations.Nullable;

/** The database refused an enqueue, or went away during it. */
public final class EnqueueException extends BackOpsException {

    private static final long serialVersionUID = 1L;

    public EnqueueException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
