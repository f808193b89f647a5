package dev.backops.embedded;

import org.jspecify.annotations.Nullable;

/** An embedded PostgreSQL could not be unpacked, started or used; the message says where, and quotes the server's log. */
public final class EmbeddedDatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1;

    EmbeddedDatabaseException(String message) {
        super(message);
    }

    EmbeddedDatabaseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
