package dev.backops;

import org.jspecify.annotations.Nullable;

/** The params of an enqueue were refused, by the params record itself or because they cannot be stored. Nothing was enqueued. */
public final class InvalidParamsException extends BackOpsException {

    private static final long serialVersionUID = 1L;

    public InvalidParamsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
