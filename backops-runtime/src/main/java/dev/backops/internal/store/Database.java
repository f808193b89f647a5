package dev.backops.internal.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jdbi.v3.postgres.PostgresPlugin;

/** The application's database, with a Jdbi of our own: what users configure on theirs does not reach our statements. */
public final class Database {

    private final Jdbi jdbi;

    public Database(DataSource dataSource) {
        this.jdbi = configured(Jdbi.create(dataSource));
    }

    /** Runs one statement, or some that need no transaction, on a connection of the pool. */
    public <T, X extends Exception> T with(HandleCallback<T, X> work) throws X {
        return jdbi.withHandle(work);
    }

    /** Runs one writing statement; where the pool's connections do not commit by themselves, in a transaction. */
    public <T, X extends Exception> T inOneStatement(HandleCallback<T, X> work) throws X {
        return jdbi.withHandle(handle -> {
            // Auto-commit saves two round trips.
            return autoCommits(handle) ? work.withHandle(handle) : handle.inTransaction(work);
        });
    }

    /** Runs a transaction, whatever the pool's defaults: committed reads, a bounded wait for locks, a durable commit. */
    public <T, X extends Exception> T inTransaction(HandleCallback<T, X> work) throws X {
        return jdbi.inTransaction(TransactionIsolationLevel.READ_COMMITTED, handle -> {
            EngineSession.configure(handle, /* transactionOnly= */ true);
            return work.withHandle(handle);
        });
    }

    /** Opens a connection for an engine thread to keep. */
    public EngineSession session() {
        return new EngineSession(jdbi);
    }

    /** A handle on a connection that belongs to the caller; closing the handle leaves the connection open. */
    public static Handle borrow(Connection connection) {
        return configured(Jdbi.create(new Borrowed(connection))).open();
    }

    private static boolean autoCommits(Handle handle) {
        try {
            return handle.getConnection().getAutoCommit();
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
    }

    private static Jdbi configured(Jdbi jdbi) {
        return jdbi.installPlugin(new PostgresPlugin());
    }

    private record Borrowed(Connection connection) implements ConnectionFactory {

        @Override
        public Connection openConnection() {
            return connection;
        }

        @Override
        public void closeConnection(Connection unused) throws SQLException {}
    }
}
