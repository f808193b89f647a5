package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.backops.testkit.Order;
import dev.backops.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PoolConnectionsTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    @Test
    void connections_lentToBackOps_comeBackAsTheyWere() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.direct());
        config.setMaximumPoolSize(7);
        config.setAutoCommit(false);
        config.setIsolateInternalQueries(true);
        config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        config.setConnectionInitSql(
                "SET lock_timeout = '7s'; SET enable_hashjoin = off; SET search_path = pg_temp, public;"
                        + " SET synchronous_commit = local");
        try (HikariDataSource pool = new HikariDataSource(config)) {
            List<String> before = settings(pool);
            try (BackOps backOps = started(pool)) {
                assertThat(settings(pool)).isEqualTo(before);
                Enqueued one = Order.client(backOps).key("k").enqueue(() -> Order.params(1));
                assertThat(backOps.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);
            }

            // All at once, so that each is seen.
            List<Connection> all = new ArrayList<>();
            for (int i = 0; i < config.getMaximumPoolSize(); i++) {
                all.add(pool.getConnection());
            }
            for (Connection connection : all) {
                assertThat(settings(connection)).isEqualTo(before);
                connection.close();
            }
        }
    }

    private static List<String> settings(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return settings(connection);
        }
    }

    private static List<String> settings(Connection connection) throws SQLException {
        List<String> settings = new ArrayList<>();
        settings.add("autocommit " + connection.getAutoCommit());
        settings.add("isolation " + connection.getTransactionIsolation());
        settings.add("network timeout " + connection.getNetworkTimeout());
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT name || ' ' || setting FROM pg_settings WHERE name !~ '^plpgsql[.]|transaction_(isolation|read|def)' ORDER BY name")) {
            while (rows.next()) {
                settings.add(rows.getString(1));
            }
        }
        connection.rollback();
        return settings;
    }

    private static BackOps started(DataSource dataSource) {
        BackOps backOps = BackOps.builder(dataSource).build();
        backOps.register(Order.steps(new Order.Steps() {}));
        backOps.start();
        return backOps;
    }
}
