package dev.backops.benchmarks.peers;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The PostgreSQL under test, as the processes see it that the benchmark starts. */
record Server(int port) {

    /** Connections to one of its databases, one per call. */
    DataSource dataSource(String database) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setServerNames(new String[] {"127.0.0.1"});
        dataSource.setPortNumbers(new int[] {port});
        dataSource.setUser("postgres");
        dataSource.setDatabaseName(database);
        // Several of the peers insert in batches.
        dataSource.setReWriteBatchedInserts(true);
        return dataSource;
    }

    /** Runs statements that belong to the server rather than to a database. */
    void execute(String... statements) throws SQLException {
        try (Connection connection = dataSource("postgres").getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
