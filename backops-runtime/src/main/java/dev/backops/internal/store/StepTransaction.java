package dev.backops.internal.store;

import dev.backops.StepTransactionException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Map;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.spi.JdbiPlugin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transaction of one attempt at a step, on a handle of the user's Jdbi. The step writes what it likes in it; only we end
 * it. Used by one thread at a time.
 *
 * <p>A transaction is open from before the handle is made, so that the handle neither begins nor ends one: the user's
 * transaction handler has no say.
 */
public final class StepTransaction implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StepTransaction.class);

    /*
     * A transaction of committed reads, whatever the pool's default. The mark is gone with it: the sign by which the record
     * knows that the step has not ended it behind our back, by SQL or on an unwrapped connection. Neither is a query, so that
     * the step may still choose another isolation level.
     */
    private static final String MARK = """
            SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL backops.step = 'open'
            """;

    private static final String IS_MARKED = """
            SELECT current_setting('backops.step', true) IS NOT DISTINCT FROM 'open'
            """;

    private static final String TO_ABANDON = "To undo everything, throw an exception.";

    private static final Map<String, String> REFUSALS = Map.of(
            "commit", "It is committed, together with the record of the step, once the step returns.",
            "rollback", TO_ABANDON + " To undo a part of it, use a savepoint.",
            "setAutoCommit", "Its transaction is committed, with the record of the step, once the step returns.",
            "close", "It is closed once the step is over.",
            "abort", TO_ABANDON,
            "setTransactionIsolation",
                    "Begin with the statement SET TRANSACTION ISOLATION LEVEL … to choose another isolation level.");

    /** The user's Jdbi asks its plugins, ours among them, while a handle is opened. */
    private static final ThreadLocal<@Nullable StepTransaction> OPENING = new ThreadLocal<>();

    private enum Phase {
        /** The handle is being made or unmade: whatever is done to the connection is done. */
        PASSING,
        /** The step has it. */
        GUARDED,
        /** The transaction is over, and the handle is told so. */
        ENDED
    }

    private volatile @Nullable Connection connection;
    private @Nullable Handle handle;

    /** The latest that the step has made. */
    private volatile @Nullable Statement statement;

    private boolean autoCommit;
    private boolean committed;
    private boolean undecided;
    private volatile Phase phase = Phase.PASSING;

    private StepTransaction() {}

    /** Makes a Jdbi fit for {@link #begin}. */
    public static Jdbi prepared(Jdbi jdbi) {
        return jdbi.installPlugin(Guard.INSTANCE);
    }

    /**
     * Opens a connection and begins a transaction of committed reads.
     *
     * @throws ConnectionException if there is no connection to be had
     */
    public static StepTransaction begin(Jdbi prepared) {
        StepTransaction transaction = new StepTransaction();
        OPENING.set(transaction);
        try {
            transaction.handle = prepared.open();
            transaction.mark();
            transaction.phase = Phase.GUARDED;
            return transaction;
        } catch (RuntimeException | Error e) {
            transaction.close();
            throw e;
        } finally {
            OPENING.remove();
        }
    }

    /** The handle for the step. */
    public Handle handle() {
        if (handle == null) {
            throw new IllegalStateException("not begun");
        }
        return handle;
    }

    /** A handle of our own in the same transaction: what users configure on theirs does not reach our statements. */
    public Handle ours() {
        return Database.borrow(connection());
    }

    /** Whether this is still the transaction that was begun. */
    public boolean isIntact() {
        try (Handle ours = ours()) {
            return ours.createQuery(IS_MARKED).mapTo(Boolean.class).one();
        }
    }

    /** Ends the statement that runs now; for other threads than that of the transaction. */
    public void stopStatement() {
        Statement latest = statement;
        if (latest != null) {
            try {
                latest.cancel();
            } catch (SQLException e) {
                // It is closed, which is as good, or the database is away, which ends it as well.
                log.debug("The statement of a step could not be stopped", e);
            }
        }
    }

    /** Whether the connection is lost. */
    public boolean isBroken() {
        try {
            return !connection().isValid(1);
        } catch (SQLException e) {
            return true;
        }
    }

    /**
     * Commits, and then runs what waits for the commit.
     *
     * @throws SQLException as the driver throws it; the commit may have taken place all the same
     */
    public void commit() throws SQLException {
        phase = Phase.ENDED;
        undecided = true;
        connection().commit();
        undecided = false;
        committed = true;
        // The handle does not know that it is done: this reaches no connection, but those who asked to hear of it.
        tell(handle()::commit);
    }

    /** Rolls back what is not committed, and gives the connection back as it came. */
    @Override
    public void close() {
        phase = Phase.ENDED;
        Connection mine = connection;
        if (mine == null) {
            return;
        }
        try {
            if (!committed) {
                mine.rollback();
            }
            mine.setAutoCommit(autoCommit);
        } catch (SQLException | RuntimeException e) {
            // A connection that fails here is broken: what was not committed never will be, and pools drop it.
            log.debug("A step's connection is broken", e);
        }
        Handle open = handle;
        if (open != null && !open.isClosed() && !committed && !undecided) {
            tell(open::rollback);
        }
        phase = Phase.PASSING;
        try {
            if (open == null || open.isClosed()) {
                mine.close();
            } else {
                open.close();
            }
        } catch (SQLException | RuntimeException e) {
            log.warn("A step's connection could not be closed", e);
        }
    }

    /** What those who listen throw changes nothing of what they hear. */
    private static void tell(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException | Error e) {
            log.error("What was to run after the transaction of a step failed", e);
        }
    }

    private Connection connection() {
        Connection mine = connection;
        if (mine == null) {
            throw new IllegalStateException("not begun");
        }
        return mine;
    }

    private void mark() {
        try (Statement marking = connection().createStatement()) {
            // Plugins may have asked something, and a transaction with a query behind it cannot change its isolation
            // level.
            connection().commit();
            marking.execute(MARK);
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
    }

    private Connection guarded(Connection real) throws SQLException {
        connection = real;
        autoCommit = real.getAutoCommit();
        real.setAutoCommit(false);
        return (Connection) Proxy.newProxyInstance(
                StepTransaction.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> invoke(real, proxy, method, arguments));
    }

    private @Nullable Object invoke(Connection real, Object proxy, Method method, Object @Nullable [] arguments)
            throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return ofObject(real, proxy, method, arguments);
        }
        String name = method.getName();
        if (phase == Phase.ENDED && name.equals("getAutoCommit")) {
            // Even if the connection is broken.
            return false;
        }
        boolean harmless = phase == Phase.GUARDED
                && arguments != null
                && (arguments[0] instanceof Savepoint || (name.equals("setAutoCommit") && arguments[0].equals(false)));
        if (!REFUSALS.containsKey(name) || harmless || phase == Phase.PASSING) {
            Object result = call(real, method, arguments);
            if (result instanceof Statement made) {
                statement = made;
            }
            return result;
        }
        if (phase == Phase.GUARDED) {
            throw new StepTransactionException(
                    name + " is not for a transactional step to call. " + REFUSALS.get(name));
        }
        // The handle is to believe that this is its work.
        return null;
    }

    /** Equal to the real one, by which its owner knows it when it comes back. */
    private static @Nullable Object ofObject(
            Connection real, Object proxy, Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && (proxy == arguments[0] || real.equals(arguments[0]));
            case "hashCode" -> real.hashCode();
            default -> "connection of a transactional step";
        };
    }

    private static @Nullable Object call(Connection real, Method method, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    /** Puts itself between the handles of steps and their connections; others it leaves alone. */
    private enum Guard implements JdbiPlugin {
        INSTANCE;

        @Override
        public Connection customizeConnection(Connection real) throws SQLException {
            StepTransaction transaction = OPENING.get();
            return transaction == null || transaction.connection != null ? real : transaction.guarded(real);
        }
    }
}
