package dev.backops.internal.store;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/** What the SQLSTATE behind an exception says about who is to blame. */
public final class SqlStates {

    private static final Set<String> CONTENT_CLASSES = Set.of("22", "23");

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String DEADLOCK_DETECTED = "40P01";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private SqlStates() {}

    /** The SQLSTATE of the innermost SQL error, or null if there is none. */
    public static @Nullable String of(Throwable error) {
        String state = null;
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                state = sql.getSQLState();
            }
        }
        return state;
    }

    /** What the server said, with its hint. */
    public static String message(Throwable error) {
        String message = String.valueOf(error.getMessage());
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof PSQLException sql && sql.getServerErrorMessage() != null) {
                String hint = sql.getServerErrorMessage().getHint();
                message = sql.getServerErrorMessage().getMessage() + (hint == null ? "" : ". " + hint);
            }
        }
        return message;
    }

    /** Whether a lock that somebody else holds was not to be had in time. */
    public static boolean blamesLock(Throwable error) {
        return LOCK_NOT_AVAILABLE.equals(of(error));
    }

    /** Whether the transaction was ended since others waited for it, and it for them. */
    public static boolean blamesDeadlock(Throwable error) {
        return DEADLOCK_DETECTED.equals(of(error));
    }

    /** Whether the role lacks a right. */
    public static boolean deniesAccess(Throwable error) {
        return INSUFFICIENT_PRIVILEGE.equals(of(error));
    }

    /**
     * Whether the rows themselves are at fault: data exceptions (22) and violated constraints (23). All else, from a lost
     * connection to a full disk, is the database's trouble and passes.
     */
    public static boolean blamesContent(Throwable error) {
        String state = of(error);
        return state != null && state.length() == 5 && CONTENT_CLASSES.contains(state.substring(0, 2));
    }
}
