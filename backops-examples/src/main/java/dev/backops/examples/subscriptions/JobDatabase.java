package dev.backops.examples.subscriptions;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.backops.embedded.EmbeddedDatabase;
import dev.backops.embedded.EmbeddedDatabaseException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL that the job works on, with the connections to it: the job's own, or one that was there before. */
final class JobDatabase implements AutoCloseable {

    private static final String URL_PREFIX = "jdbc:postgresql:";
    private static final int CONNECTIONS = 12;
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(10);

    private final String url;
    private final HikariDataSource pool;
    private final @Nullable EmbeddedDatabase embedded;

    private JobDatabase(String url, HikariDataSource pool, @Nullable EmbeddedDatabase embedded) {
        this.url = url;
        this.pool = pool;
        this.embedded = embedded;
    }

    /**
     * Starts a PostgreSQL in a data directory, which lives as long as this is open.
     *
     * @param fresh whether to throw away what is stored there
     */
    static JobDatabase embedded(DataDirectory directory, boolean fresh) {
        EmbeddedDatabase database = start(directory);
        if (fresh) {
            // The start has made sure that nobody else has it open.
            database.close();
            directory.deleteDatabase();
            database = start(directory);
        }
        try {
            return new JobDatabase(database.jdbcUrl(), pool(database.jdbcUrl(), null, null), database);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** Connects to a PostgreSQL that runs already. */
    static JobDatabase at(String url, @Nullable String user, @Nullable String password) {
        if (!url.startsWith(URL_PREFIX)) {
            throw new JobException("--jdbc-url must begin with " + URL_PREFIX + " because BackOps runs on PostgreSQL");
        }
        return new JobDatabase(url, pool(url, user, password), null);
    }

    DataSource dataSource() {
        return pool;
    }

    String version() {
        return text("SHOW server_version").replaceAll(" .*", "");
    }

    /** The address for JDBC, without a password. */
    String url() {
        return embedded == null ? url.replaceAll("\\?.*", "") : url;
    }

    /** The command line that opens psql on this database. */
    String psql() {
        String address = url().substring(URL_PREFIX.length()).replaceAll("\\?.*", "");
        String authority = address.startsWith("//") ? address.replaceAll("^//([^/]*).*", "$1") : "localhost";
        return "psql \"postgresql://%s@%s/%s\""
                .formatted(text("SELECT current_user"), authority, text("SELECT current_database()"));
    }

    @Override
    public void close() {
        try {
            pool.close();
        } finally {
            if (embedded != null) {
                embedded.close();
            }
        }
    }

    private String text(String query) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new JobException("The database does not answer: " + JobException.reason(e), e);
        }
    }

    private static EmbeddedDatabase start(DataDirectory directory) {
        try {
            // The job closes it, after all that works with it, also when it is told to stop.
            return EmbeddedDatabase.at(directory.database()).closeOnExit(false).start();
        } catch (EmbeddedDatabaseException e) {
            throw new JobException(JobException.reason(e), e);
        }
    }

    private static HikariDataSource pool(String url, @Nullable String user, @Nullable String password) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("examples");
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECTION_TIMEOUT.toMillis());
        try {
            return new HikariDataSource(config);
        } catch (RuntimeException e) {
            throw new JobException("The database cannot be used: " + JobException.reason(e), e);
        }
    }
}
