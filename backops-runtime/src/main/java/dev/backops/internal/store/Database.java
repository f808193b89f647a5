package dev.backops.internal.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jdbi.v3.postgres.PostgresPlugin;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** The application's database, with a Jdbi of our own: what users configure on theirs does not reach our statements. */
public final class Database {

    /* One for all: a Jdbi of its own for each connection takes longer to make than its statements take to run. */
    private static final Jdbi BORROWER = configured(Jdbi.create(new Borrowed()));

    /** The connection for the handle that a thread is about to borrow. */
    private static final ThreadLocal<@Nullable Connection> LENT = new ThreadLocal<>();

    private final DataSource dataSource;
    private final boolean sharedSessions;
    private final Jdbi jdbi;

    public Database(DataSource dataSource) {
        this(dataSource, /* sharedSessions= */ false);
    }

    /**
     * Connections of a pool.
     *
     * @param sharedSessions whether a pooler behind them may run each transaction in another session of PostgreSQL, as
     *     PgBouncer does in transaction mode, so that nothing is left in one and nothing is expected from it
     */
    public Database(DataSource dataSource, boolean sharedSessions) {
        this(dataSource, sharedSessions, Duration.ZERO);
    }

    private Database(DataSource dataSource, boolean sharedSessions, Duration patience) {
        this.dataSource = dataSource;
        this.sharedSessions = sharedSessions;
        this.jdbi = configured(Jdbi.create(new Lent(dataSource, sharedSessions, (int) patience.toMillis())));
    }

    /**
     * The same database for threads that must not wait for ever: a connection that gives no answer for so long, as after a
     * failover that nobody told us of, counts as broken.
     */
    public Database withPatience(Duration patience) {
        return new Database(dataSource, sharedSessions, patience);
    }

    /** Runs one statement, or some that need no transaction, on a connection of the pool. */
    public <T, X extends Exception> T with(HandleCallback<T, X> work) throws X {
        return jdbi.withHandle(work);
    }

    /** Runs a transaction, whatever the pool's defaults: committed reads, a bounded wait for locks, a durable commit. */
    public <T, X extends Exception> T inTransaction(HandleCallback<T, X> work) throws X {
        return jdbi.inTransaction(TransactionIsolationLevel.READ_COMMITTED, handle -> {
            EngineSession.configure(handle, /* transactionOnly= */ true);
            return work.withHandle(handle);
        });
    }

    /** The same for statements that answer nothing. */
    public <X extends Exception> void useTransaction(HandleConsumer<X> work) throws X {
        Void unused = inTransaction(work.asCallback());
    }

    /** The same for users' threads, who wait for locks as long as their pool's settings say. */
    public <T, X extends Exception> T inPatientTransaction(HandleCallback<T, X> work) throws X {
        return jdbi.inTransaction(TransactionIsolationLevel.READ_COMMITTED, handle -> {
            EngineSession.makeDurable(handle);
            return work.withHandle(handle);
        });
    }

    /** Opens a connection for an engine thread to keep. */
    public EngineSession session() {
        return new EngineSession(jdbi, sharedSessions);
    }

    /** A handle on a connection that belongs to the caller; closing the handle leaves the connection open. */
    public static Handle borrow(Connection connection) {
        LENT.set(connection);
        try {
            return BORROWER.open();
        } finally {
            LENT.remove();
        }
    }

    /** What transactional steps work with where users give no Jdbi of their own. */
    public Jdbi forSteps() {
        return Jdbi.create(new Lent(dataSource, sharedSessions, 0)).installPlugin(new PostgresPlugin());
    }

    /* Params are bound to our statements: an exception that quotes the arguments would carry them into logs. */
    private static Jdbi configured(Jdbi jdbi) {
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
        jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
        return jdbi.installPlugin(new PostgresPlugin());
    }

    /** Connections that stay open. */
    private static final class Borrowed implements ConnectionFactory {

        @Override
        public Connection openConnection() throws SQLException {
            Connection connection = LENT.get();
            if (connection == null) {
                throw new SQLException("No connection is lent to this thread");
            }
            return connection;
        }

        @Override
        public void closeConnection(Connection unused) {}
    }

    /**
     * Connections of the pool that commit by themselves, and wait no longer for an answer than {@code patience}
     * milliseconds, unless that is zero or they come with a limit; given back as they came. Neither costs a round trip.
     *
     * <p>Jdbi takes a connection that does not commit by itself for one in the middle of a transaction, and leaves the
     * commit to others.
     */
    private record Lent(DataSource dataSource, boolean sharedSessions, int patience, Map<Connection, Before> lent)
            implements ConnectionFactory {

        Lent(DataSource dataSource, boolean sharedSessions, int patience) {
            this(dataSource, sharedSessions, patience, new ConcurrentHashMap<>());
        }

        @Override
        public Connection openConnection() throws SQLException {
            Connection connection = connect();
            try {
                Before before =
                        new Before(connection.getAutoCommit(), connection.getNetworkTimeout(), threshold(connection));
                if (sharedSessions) {
                    connection.unwrap(PGConnection.class).setPrepareThreshold(0);
                }
                if (!before.autoCommit()) {
                    connection.setAutoCommit(true);
                }
                if (limits(before)) {
                    connection.setNetworkTimeout(Runnable::run, patience);
                }
                lent.put(connection, before);
                return connection;
            } catch (SQLException | RuntimeException e) {
                try (connection) {
                    throw e;
                }
            }
        }

        /** Other people's code: whatever goes wrong in it is the trouble of the database for us. */
        private Connection connect() throws SQLException {
            Connection connection;
            try {
                connection = dataSource.getConnection();
            } catch (RuntimeException e) {
                throw new SQLException("The data source failed: " + e.getMessage(), e);
            }
            if (connection == null) {
                throw new SQLException("The data source returned null in place of a connection");
            }
            return connection;
        }

        @Override
        public void closeConnection(Connection connection) throws SQLException {
            try (connection) {
                Before before = lent.remove(connection);
                if (before == null || connection.isClosed()) {
                    return;
                }
                if (sharedSessions) {
                    connection.unwrap(PGConnection.class).setPrepareThreshold(before.prepareThreshold());
                }
                if (limits(before)) {
                    connection.setNetworkTimeout(Runnable::run, before.networkTimeout());
                }
                if (!before.autoCommit()) {
                    connection.setAutoCommit(false);
                }
            }
        }

        private boolean limits(Before before) {
            return patience > 0 && before.networkTimeout() == 0;
        }

        /** After how many executions a statement is prepared in the session, where others may find it. */
        private int threshold(Connection connection) throws SQLException {
            return sharedSessions ? connection.unwrap(PGConnection.class).getPrepareThreshold() : 0;
        }

        private record Before(boolean autoCommit, int networkTimeout, int prepareThreshold) {}
    }
}
