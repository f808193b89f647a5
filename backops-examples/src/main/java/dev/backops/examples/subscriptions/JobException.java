package dev.backops.examples.subscriptions;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The job cannot go on; the message tells its user why, in one line. */
final class JobException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    JobException(String message) {
        super(message);
    }

    JobException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** What went wrong, in one line: what the innermost cause says, and the database where it says something too. */
    static String reason(Throwable error) {
        Throwable innermost = error;
        String database = null;
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            innermost = cause;
            database = cause instanceof SQLException ? firstLine(cause) : database;
        }
        String reason = firstLine(innermost);
        return database == null || database.equals(reason) ? reason : database + " (" + reason + ")";
    }

    private static String firstLine(Throwable error) {
        String message = error.getMessage();
        return message == null || message.isBlank()
                ? error.getClass().getSimpleName()
                : message.strip().lines().findFirst().orElseThrow();
    }
}
