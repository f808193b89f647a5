package dev.backops.model;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postgresql.ds.PGSimpleDataSource;

/** What connects one process to the database; cut, it is as if the machine were gone. Safe for every thread. */
@SuppressWarnings("serial")
final class Cable extends PGSimpleDataSource {

    private final transient Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean isCut;

    Cable(String jdbcUrl, String name) {
        setURL(jdbcUrl);
        setApplicationName(name);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        requireWhole();
        Connection connection = super.getConnection(user, password);
        connections.removeIf(Cable::isClosed);
        connections.add(connection);
        try {
            requireWhole();
        } catch (SQLException e) {
            connection.abort(Runnable::run);
            throw e;
        }
        return connection;
    }

    private void requireWhole() throws SQLException {
        if (isCut) {
            throw new SQLException("The cable is cut", "08001");
        }
    }

    private static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    void cut() {
        isCut = true;
        for (Connection connection : connections) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    void mend() {
        isCut = false;
    }
}
