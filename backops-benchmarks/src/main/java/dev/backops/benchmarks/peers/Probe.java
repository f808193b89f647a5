package dev.backops.benchmarks.peers;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/** Looks into a database from aside, with one connection. */
final class Probe implements AutoCloseable {

    /** Marks the sessions of the benchmark itself. */
    static final String ASIDE = "SET application_name = 'aside'";

    private final Connection connection;
    private final Statement statement;

    Probe(Server server, String database) throws SQLException {
        connection = server.dataSource(database).getConnection();
        statement = connection.createStatement();
        statement.execute(ASIDE);
        // Looks are cheap by index whatever the statistics say, and are no part of what is measured.
        statement.execute("SET enable_seqscan = off");
        statement.execute("SET pg_stat_statements.track = 'none'");
    }

    void execute(String sql) throws SQLException {
        statement.execute(sql);
    }

    long ask(String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    List<String> texts(String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                texts.add(row.getString(1));
            }
        }
        return texts;
    }

    long count(String from) throws SQLException {
        return ask("SELECT count(*) FROM " + from);
    }

    /** Waits until no more than so many rows are there. */
    void awaitAtMost(long rows, String from, Duration pause) throws SQLException {
        long since = System.nanoTime();
        long last = Long.MAX_VALUE;
        while (true) {
            long now = ask("SELECT count(*) FROM (SELECT FROM " + from + " LIMIT " + (rows + 1) + ") AS found");
            if (now <= rows) {
                return;
            }
            if (now != last) {
                last = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > Steps.PATIENCE.toNanos()) {
                throw new IllegalStateException(
                        "More than " + rows + " rows were left for " + Steps.PATIENCE + " in " + from);
            }
            LockSupport.parkNanos(this, pause.toNanos());
        }
    }

    /** Waits until all others have left the database, and so have reported what they did. */
    void awaitAlone() throws SQLException {
        awaitAtMost(
                0,
                "pg_stat_activity WHERE datname = current_database() AND application_name <> 'aside'"
                        + " AND backend_type = 'client backend'",
                Duration.ofMillis(10));
    }

    long walBytes() throws SQLException {
        return ask("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint");
    }

    long commits() throws SQLException {
        return ask("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()");
    }

    long databaseBytes() throws SQLException {
        return ask("SELECT pg_database_size(current_database())");
    }

    /** Per table with so many updates: the share in percent that touched no index. */
    Map<String, Double> hotShares(long atLeast) throws SQLException {
        Map<String, Double> shares = new TreeMap<>();
        try (ResultSet row = statement.executeQuery("SELECT relname, 100.0 * n_tup_hot_upd / n_tup_upd"
                + " FROM pg_stat_user_tables WHERE n_tup_upd >= greatest(1, " + atLeast + ")")) {
            while (row.next()) {
                shares.put(row.getString(1), row.getDouble(2));
            }
        }
        return shares;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
