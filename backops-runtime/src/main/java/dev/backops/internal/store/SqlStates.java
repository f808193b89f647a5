package dev.backops.internal.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/** What the SQLSTATE behind an exception says about who is to blame. */
public final class SqlStates {

    private static final Set<String> CONTENT_CLASSES = Set.of("22", "23");

    /** Serialization failure, deadlock. */
    private static final Set<String> REPEATABLE = Set.of("40001", "40P01");

    /** Connections, resources, operators, the system, the server's own faults, and a transaction whose end is unknown. */
    private static final Set<String> DATABASE_CLASSES = Set.of("08", "53", "57", "58", "XX");

    private static final String IN_FAILED_TRANSACTION = "25P02";

    private static final String COMPLETION_UNKNOWN = "40003";

    /** More causes than any exception has, unless they go round in a circle. */
    private static final int MAX_CAUSES = 100;

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String DEADLOCK_DETECTED = "40P01";
    private static final String READ_ONLY = "25006";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private SqlStates() {}

    /** The SQLSTATE of the innermost SQL error, or null if there is none. */
    public static @Nullable String of(Throwable error) {
        List<String> states = all(error);
        return states.isEmpty() ? null : states.get(states.size() - 1);
    }

    /** The SQLSTATEs of an error and its causes, the innermost last; the error may be an exception of the user's. */
    private static List<String> all(Throwable error) {
        List<String> states = new ArrayList<>();
        try {
            Throwable cause = error;
            for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
                if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                    states.add(sql.getSQLState());
                }
            }
        } catch (RuntimeException | Error e) {
            // An exception that cannot say what caused it; what it said before counts.
            return states;
        }
        return states;
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

    /** Whether something was to be written in a transaction that may only read. */
    public static boolean blamesReadOnly(Throwable error) {
        return READ_ONLY.equals(of(error));
    }

    /** Whether the role lacks a right. */
    public static boolean deniesAccess(Throwable error) {
        return INSUFFICIENT_PRIVILEGE.equals(of(error));
    }

    /** Whether the database asks for the whole transaction again. */
    public static boolean asksToRepeat(Throwable error) {
        return all(error).stream().anyMatch(REPEATABLE::contains);
    }

    /** Whether an error before has ended the transaction, and somebody went on in it. */
    public static boolean blamesAbortedTransaction(Throwable error) {
        return all(error).contains(IN_FAILED_TRANSACTION);
    }

    /** Whether the connection, the server or its machine is in trouble, which passes. */
    public static boolean blamesDatabase(Throwable error) {
        String state = of(error);
        return state != null
                && state.length() == 5
                && (DATABASE_CLASSES.contains(state.substring(0, 2)) || state.equals(COMPLETION_UNKNOWN));
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
