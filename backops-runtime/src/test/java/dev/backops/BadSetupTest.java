package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.testkit.Order;
import dev.backops.testkit.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

/** What is wrong at the start is said at the start: which thing, and the way out. */
class BadSetupTest {

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    @Test
    void dataSource_withoutAServer_isNamedAtOnce() {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setUrl("jdbc:postgresql://127.0.0.1:1/nothing?connectTimeout=5");

        assertThatThrownBy(() -> BackOps.builder(nowhere).build())
                .isInstanceOf(DatabaseException.class)
                .hasMessageStartingWith("BackOps could not be opened: ")
                .hasMessageContaining("refused");
    }

    @Test
    void pool_withoutAServer_isNamedToo() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:postgresql://127.0.0.1:1/nothing");
        config.setConnectionTimeout(300);
        config.setInitializationFailTimeout(-1);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            assertThatThrownBy(() -> BackOps.builder(pool).build())
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageStartingWith("BackOps could not be opened: ")
                    .hasMessageContaining("refused");
        }
    }

    @Test
    void unknownDatabase_isNamed() throws SQLException {
        PGSimpleDataSource unknown = new PGSimpleDataSource();
        unknown.setUrl(database.jdbcUrl().replaceFirst("/test\\d+", "/no_such_database"));

        assertThatThrownBy(() -> BackOps.builder(unknown).build())
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("\"no_such_database\" does not exist");
    }

    @Test
    void schemaOfANewerVersion_isRefused() {
        BackOps.builder(database.dataSource()).build().close();
        execute("INSERT INTO backops.schema_history (installed_rank, version, description, type, script, installed_by,"
                + " execution_time, success) VALUES (99, '999', 'later', 'SQL', 'V999__later.sql', 'x', 1, true)");

        assertThatThrownBy(() -> BackOps.builder(database.dataSource()).build())
                .isInstanceOf(SchemaException.class)
                .hasMessageMatching(
                        "Schema backops is at version 999, which needs a BackOps that knows version 999; this one"
                                + " knows version \\d+\\. Upgrade BackOps, or use another schema\\.");
    }

    @Test
    void schemaOfANewerVersionThatOlderCodeCanRead_isUsed() {
        BackOps.builder(database.dataSource()).build().close();
        execute("INSERT INTO backops.schema_history (installed_rank, version, description, type, script, installed_by,"
                + " execution_time, success) VALUES (99, '999', 'later', 'SQL', 'V999__later.sql', 'x', 1, true)");
        execute("UPDATE backops.installation SET version = 999, readable_by = 1");

        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            assertThat(Order.client(backOps).enqueue(() -> Order.params(1)).added())
                    .isTrue();
        }
    }

    @Test
    void roleThatMayNotCreateTheSchema_isToldWhatToAskFor() {
        execute("DROP ROLE IF EXISTS clerk");
        execute("CREATE ROLE clerk LOGIN");
        PGSimpleDataSource clerk = new PGSimpleDataSource();
        clerk.setUrl(database.jdbcUrl());
        clerk.setUser("clerk");

        assertThatThrownBy(() -> BackOps.builder(clerk).build())
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("Role clerk may not create schema backops")
                .hasMessageContaining("CREATE SCHEMA backops AUTHORIZATION clerk");
        assertThat(schemas()).doesNotContain("backops");

        execute("CREATE SCHEMA backops AUTHORIZATION clerk");
        try (BackOps backOps = BackOps.builder(clerk).build()) {
            assertThat(Order.client(backOps).enqueue(() -> Order.params(1)).added())
                    .isTrue();
        } finally {
            execute("DROP OWNED BY clerk CASCADE");
            execute("DROP ROLE clerk");
        }
    }

    @Test
    void settings_outOfRange_areNamed() {
        assertRefused(
                BackOps.builder(database.dataSource()).schema("My Schema"), "schema must be a lower-case SQL name");
        assertRefused(BackOps.builder(database.dataSource()).schema("pg_mine"), "not beginning with pg_");
        assertRefused(
                BackOps.builder(database.dataSource()).concurrency(0), "concurrency must be from 1 to 10000, but is 0");
        assertRefused(
                BackOps.builder(database.dataSource()).lease(Duration.ofSeconds(1)),
                "lease must be from PT3S to PT1H, but is PT1S");
        assertRefused(
                BackOps.builder(database.dataSource()).pollInterval(Duration.ZERO),
                "pollInterval must be from PT0.01S to PT1M, but is PT0S");
        assertRefused(
                BackOps.builder(database.dataSource()).gracePeriod(Duration.ofSeconds(-1)),
                "gracePeriod must be from PT0S to PT24H, but is PT-1S");
        assertThat(schemas()).doesNotContain("backops");
    }

    @Test
    void registration_twiceOrTooLate_isRefused() {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            OperationSteps steps = Order.steps(new Order.Steps() {});
            assertThatThrownBy(backOps::start)
                    .isInstanceOf(RegistrationException.class)
                    .hasMessageContaining("No operation is registered");
            backOps.register(steps);
            assertThatThrownBy(() -> backOps.register(steps))
                    .isInstanceOf(RegistrationException.class)
                    .hasMessageContaining("orders.order is registered already");
            backOps.start();
            assertThatThrownBy(() -> backOps.register(OperationSteps.of(OperationDefinition.named("late"))))
                    .isInstanceOf(RegistrationException.class)
                    .hasMessageContaining("Operation late is registered too late");
            assertThatThrownBy(backOps::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("started already");
        }
    }

    @Test
    void closed_takesNoMoreCalls() {
        BackOps backOps = BackOps.builder(database.dataSource()).build();
        var orders = Order.client(backOps);
        backOps.close();
        backOps.close();

        assertThatThrownBy(() -> orders.enqueue(() -> Order.params(1)))
                .isInstanceOf(ClosedException.class)
                .hasMessageStartingWith("This BackOps is closed.");
        assertThatThrownBy(() -> backOps.operations().status(1)).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> backOps.register(Order.steps(new Order.Steps() {})))
                .isInstanceOf(ClosedException.class);
        assertThat(database.jdbi()
                        .<Long, RuntimeException>withHandle(
                                handle -> handle.createQuery("SELECT count(*) FROM backops.operation")
                                        .mapTo(Long.class)
                                        .one()))
                .isZero();
    }

    @Test
    void emptyDatabase_openedByManyAtOnce_isInstalledOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            List<Future<Boolean>> opened = threads.invokeAll(IntStream.range(0, 6)
                    .<java.util.concurrent.Callable<Boolean>>mapToObj(number -> () -> {
                        try (BackOps backOps =
                                BackOps.builder(database.direct()).build()) {
                            return Order.client(backOps)
                                    .key("same")
                                    .enqueue(() -> Order.params(1))
                                    .added();
                        }
                    })
                    .toList());
            int added = 0;
            for (Future<Boolean> one : opened) {
                added += one.get() ? 1 : 0;
            }
            assertThat(added).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void twoSchemas_areTwoInstallations() throws Exception {
        try (BackOps one = BackOps.builder(database.dataSource()).build();
                BackOps other = BackOps.builder(database.dataSource())
                        .schema("other_ops")
                        .build()) {
            one.register(Order.steps(new Order.Steps() {})).start();
            long mine = Order.client(one).enqueue(() -> Order.params(1)).id();
            long theirs = Order.client(other).enqueue(() -> Order.params(2)).id();

            assertThat(one.await(mine, Duration.ofSeconds(30))).isEqualTo(Status.COMPLETED);
            assertThat(other.operations().status(theirs)).contains(Status.READY);
            assertThat(other.operations().find(theirs).orElseThrow().context()).containsEntry("number", 2);
        }
    }

    @Test
    void connectionsOfThePool_comeBackAsTheyWere() throws Exception {
        String before = settings();
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            backOps.register(Order.steps(new Order.Steps() {})).start();
            backOps.await(Order.client(backOps).enqueue(() -> Order.params(1)).id(), Duration.ofSeconds(30));
        }
        assertThat(database.dataSource().getHikariPoolMXBean().getActiveConnections())
                .isZero();
        for (int i = 0; i < 30; i++) {
            assertThat(settings()).isEqualTo(before);
        }
    }

    private String settings() {
        return database.jdbi()
                .withHandle(
                        handle -> handle.createQuery("""
                SELECT concat_ws(' ', current_setting('search_path'), current_setting('lock_timeout'),
                  current_setting('enable_seqscan'), current_setting('plan_cache_mode'), current_setting('synchronous_commit'),
                  current_setting('transaction_isolation'))
                """).mapTo(String.class).one());
    }

    private List<String> schemas() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT nspname FROM pg_namespace")
                        .mapTo(String.class)
                        .list());
    }

    private void execute(String sql) {
        database.jdbi().useHandle(handle -> handle.execute(sql));
    }

    private static void assertRefused(BackOps.Builder builder, String message) {
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
