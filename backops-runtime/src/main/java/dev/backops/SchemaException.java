package dev.backops;

import org.jspecify.annotations.Nullable;

/** The tables of BackOps could not be created or upgraded, or belong to a newer version. */
public final class SchemaException extends BackOpsException {

    private static final long serialVersionUID = 1L;

    public SchemaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
