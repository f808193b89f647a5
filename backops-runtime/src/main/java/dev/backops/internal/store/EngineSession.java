package dev.backops.internal.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that one engine thread keeps, with the settings that the engine's promises rest on, and that is opened
 * again after trouble. Used by one thread at a time.
 */
public final class EngineSession implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EngineSession.class);

    /*
     * lock_timeout: a lock that somebody holds in psql must not stop a whole process.
     * idle_in_transaction_session_timeout: a process that freezes in the middle of a transaction, or is cut off, must not
     * keep its locks, which would also keep others from burying it.
     * synchronous_commit: what is reported as recorded is on disk, whatever the pool's default.
     * plan_cache_mode, enable_*: a plan made for small or never analysed tables is 20 times slower on large ones; all our
     * statements reach rows by index, from lists of ids that are at hand.
     */
    private static final List<String> SETTINGS = List.of(
            "lock_timeout", "1s",
            "idle_in_transaction_session_timeout", "5s",
            "synchronous_commit", "on",
            "plan_cache_mode", "force_custom_plan",
            "enable_seqscan", "off",
            "enable_bitmapscan", "off",
            "enable_hashjoin", "off",
            "enable_mergejoin", "off",
            "jit", "off");

    private static final String NEW_PLANS = "SET plan_cache_mode = force_custom_plan";
    private static final String KEPT_PLANS = "SET plan_cache_mode = force_generic_plan";

    private static final List<String> NAMES = everyOther(0);
    private static final List<String> VALUES = everyOther(1);

    private static final String CONFIGURE = """
            SELECT set_config(name, value, :local) FROM unnest(:names, :values) AS setting(name, value)
            """;

    /** A column for the one row of a statement whose commit is to wait for the disk. */
    static final String DURABLE_COLUMN = "CASE WHEN current_setting('synchronous_commit') = 'off'"
            + " THEN set_config('synchronous_commit', 'on', true) END";

    private static final String DURABLE = """
            SET LOCAL synchronous_commit = on
            """;

    private static final String CURRENT = """
            SELECT current_setting(name) FROM unnest(:names) WITH ORDINALITY AS setting(name, place) ORDER BY place
            """;

    private final Jdbi jdbi;
    private final boolean shared;
    private @Nullable Handle handle;
    private int isolation;
    private List<String> settings = VALUES;
    private String plans = NEW_PLANS;

    EngineSession(Jdbi jdbi, boolean shared) {
        this.jdbi = jdbi;
        this.shared = shared;
    }

    static void configure(Handle handle, boolean transactionOnly) {
        configure(handle, VALUES, transactionOnly);
    }

    private static void configure(Handle handle, List<String> values, boolean transactionOnly) {
        handle.createQuery(CONFIGURE)
                .bindArray("names", String.class, NAMES)
                .bindArray("values", String.class, values)
                .bind("local", transactionOnly)
                .mapTo(String.class)
                .list();
    }

    /** Makes the commit of the present transaction wait for the disk. */
    static void makeDurable(Handle handle) {
        handle.execute(DURABLE);
    }

    /**
     * Runs statements in auto-commit mode, or in one transaction where sessions are shared with others; after an error that
     * is not about the content of rows the connection is given back, and the next call takes another one.
     */
    public <T, X extends Exception> T use(HandleCallback<T, X> work) throws X {
        return use(NEW_PLANS, work);
    }

    /**
     * The same for statements of which there is one good plan, whatever the tables hold: it is made once for the connection,
     * which saves more than half of the time of a statement about one row. Where sessions are shared nothing is kept.
     */
    public <T, X extends Exception> T useKeptPlans(HandleCallback<T, X> work) throws X {
        return use(KEPT_PLANS, work);
    }

    private <T, X extends Exception> T use(String wanted, HandleCallback<T, X> work) throws X {
        try {
            Handle current = open();
            if (shared) {
                return alone(current, work);
            }
            if (!wanted.equals(plans)) {
                current.execute(wanted);
                plans = wanted;
            }
            return work.withHandle(current);
        } catch (RuntimeException | Error e) {
            if (!SqlStates.blamesContent(e)) {
                close();
            }
            throw e;
        }
    }

    /** The same for statements that answer nothing. */
    public <X extends Exception> void run(HandleConsumer<X> work) throws X {
        Void unused = use(work.asCallback());
    }

    /** In a transaction that has its settings for itself, the only thing that a pooler keeps together. */
    private static <T, X extends Exception> T alone(Handle handle, HandleCallback<T, X> work) throws X {
        return handle.inTransaction(TransactionIsolationLevel.READ_COMMITTED, transaction -> {
            configure(transaction, /* transactionOnly= */ true);
            return work.withHandle(transaction);
        });
    }

    private Handle open() {
        Handle current = handle;
        if (current == null) {
            current = jdbi.open();
            handle = current;
            if (shared) {
                return current;
            }
            try {
                Connection connection = current.getConnection();
                isolation = connection.getTransactionIsolation();
                if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
                    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                }
                settings = current.createQuery(CURRENT)
                        .bindArray("names", String.class, NAMES)
                        .mapTo(String.class)
                        .list();
                configure(current, /* transactionOnly= */ false);
                plans = NEW_PLANS;
            } catch (SQLException e) {
                throw new ConnectionException(e);
            }
        }
        return current;
    }

    /** Gives the connection back to the pool as it came. */
    @Override
    public void close() {
        Handle current = handle;
        handle = null;
        if (current == null) {
            return;
        }
        try (current) {
            Connection connection = current.getConnection();
            if (!shared && connection.isValid(1)) {
                configure(current, settings, /* transactionOnly= */ false);
                if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
                    connection.setTransactionIsolation(isolation);
                }
            }
        } catch (SQLException | RuntimeException e) {
            // A connection that fails here is broken, and pools drop those; there is nothing to reset on it.
            log.debug("A broken connection was given back", e);
        }
    }

    private static List<String> everyOther(int first) {
        return IntStream.range(0, SETTINGS.size() / 2)
                .mapToObj(i -> SETTINGS.get(2 * i + first))
                .toList();
    }
}
