package dev.backops.internal.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
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
     * idle_in_transaction_session_timeout: a process that freezes in the middle of a claim, or is cut off, must not keep its
     * locks; that on its own row would keep others from burying it.
     * synchronous_commit: what is reported as recorded is on disk, whatever the pool's default.
     * plan_cache_mode, enable_*: a plan made for small or never analysed tables is 20 times slower on large ones; all our
     * statements reach rows by index, from lists of ids that are at hand.
     */
    private static final String CONFIGURE = """
            SELECT concat(set_config('lock_timeout', '1s', :local),
              set_config('idle_in_transaction_session_timeout', '5s', :local),
              set_config('synchronous_commit', 'on', :local),
              set_config('plan_cache_mode', 'force_custom_plan', :local),
              set_config('enable_seqscan', 'off', :local),
              set_config('enable_hashjoin', 'off', :local),
              set_config('enable_mergejoin', 'off', :local),
              set_config('jit', 'off', :local))
            """;

    private static final String RESET = """
            RESET lock_timeout; RESET idle_in_transaction_session_timeout; RESET synchronous_commit; RESET plan_cache_mode;
            RESET enable_seqscan; RESET enable_hashjoin; RESET enable_mergejoin; RESET jit
            """;

    private final Jdbi jdbi;
    private @Nullable Handle handle;
    private boolean autoCommit;
    private int isolation;

    EngineSession(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    static void configure(Handle handle, boolean transactionOnly) {
        handle.createQuery(CONFIGURE)
                .bind("local", transactionOnly)
                .mapTo(String.class)
                .one();
    }

    /**
     * Runs statements in auto-commit mode; after an error that is not about the content of rows the connection is given
     * back, and the next call takes another one.
     */
    public <T, X extends Exception> T use(HandleCallback<T, X> work) throws X {
        try {
            return work.withHandle(open());
        } catch (RuntimeException e) {
            if (!SqlStates.blamesContent(e)) {
                close();
            }
            throw e;
        }
    }

    private Handle open() {
        Handle current = handle;
        if (current == null) {
            current = jdbi.open();
            handle = current;
            try {
                Connection connection = current.getConnection();
                autoCommit = connection.getAutoCommit();
                isolation = connection.getTransactionIsolation();
                connection.setAutoCommit(true);
                if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
                    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                }
                configure(current, /* transactionOnly= */ false);
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
            if (connection.isValid(1)) {
                current.execute(RESET);
                if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
                    connection.setTransactionIsolation(isolation);
                }
                connection.setAutoCommit(autoCommit);
            }
        } catch (SQLException | RuntimeException e) {
            // A connection that fails here is broken, and pools drop those; there is nothing to reset on it.
            log.debug("A broken connection was given back", e);
        }
    }
}
