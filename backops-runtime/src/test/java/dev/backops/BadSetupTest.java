package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.internal.schema.Migrations;
import dev.backops.testkit.Order;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TestDatabase;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class BadSetupTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private Sql sql;

    /** Roles belong to the server, so each test has its own. */
    private final String role = "app_" + UUID.randomUUID().toString().replace("-", "");

    @BeforeEach
    void open() {
        sql = new Sql(database.dataSource());
    }

    // The data source

    @Test
    void unreachablePort_isSaid() {
        PGSimpleDataSource nobody = direct();
        nobody.setPortNumbers(new int[] {1});

        assertThatThrownBy(() -> build(nobody))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("BackOps could not be opened")
                .hasMessageContaining("127.0.0.1:1 refused");
    }

    @Test
    void unknownHost_isSaid() {
        PGSimpleDataSource nobody = direct();
        nobody.setServerNames(new String[] {"nobody.invalid"});

        assertThatThrownBy(() -> build(nobody))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("nobody.invalid");
    }

    @Test
    void unreachableServerBehindAPool_isSaidAsSoonAsThePoolGivesUp() {
        PGSimpleDataSource nobody = direct();
        nobody.setPortNumbers(new int[] {1});
        HikariConfig config = new HikariConfig();
        config.setDataSource(nobody);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(500);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> build(pool))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("127.0.0.1:1 refused");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void unknownDatabaseOrRole_isSaid() {
        PGSimpleDataSource elsewhere = direct();
        elsewhere.setDatabaseName("nowhere");
        assertThatThrownBy(() -> build(elsewhere))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("database \"nowhere\" does not exist");

        assertThatThrownBy(() -> build(as("nobody_at_all")))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("role \"nobody_at_all\" does not exist");
    }

    @Test
    void dataSourceThatReturnsNull_isSaid() {
        assertThatThrownBy(() -> build(new Stub() {
                    @Override
                    public @Nullable Connection getConnection() {
                        return null;
                    }
                }))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("data source")
                .hasMessageContaining("null");
    }

    @Test
    void dataSourceThatThrows_isSaid() {
        IllegalStateException failure = new IllegalStateException("no credentials");
        assertThatThrownBy(() -> build(new Stub() {
                    @Override
                    public Connection getConnection() {
                        throw failure;
                    }
                }))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("data source")
                .hasMessageContaining("no credentials")
                .hasRootCause(failure);
    }

    @Test
    void closedPool_isSaidByEveryCall() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.direct());
        HikariDataSource pool = new HikariDataSource(config);
        try (BackOps backOps = build(pool)) {
            Order.client(backOps);
            pool.close();

            assertThatThrownBy(() -> Order.client(backOps).enqueue(() -> Order.params(1)))
                    .isInstanceOf(EnqueueException.class)
                    .hasMessageContaining("closed");
            assertThatThrownBy(() -> backOps.operations().status(1))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("closed");
            backOps.register(Order.steps(new Order.Steps() {}));
            assertThatThrownBy(backOps::start)
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("closed");
        }
    }

    @Test
    void start_failedForTheDatabase_worksLater() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.direct());
        config.setConnectionTimeout(500);
        config.setMaximumPoolSize(6);
        try (HikariDataSource pool = new HikariDataSource(config);
                BackOps backOps = build(pool)) {
            backOps.register(Order.steps(new Order.Steps() {}));
            List<Connection> all = new ArrayList<>();
            for (int i = 0; i < config.getMaximumPoolSize(); i++) {
                all.add(pool.getConnection());
            }
            assertThatThrownBy(backOps::start).isInstanceOf(DatabaseException.class);
            for (Connection one : all) {
                one.close();
            }

            backOps.start();

            Enqueued one = Order.client(backOps).enqueue(() -> Order.params(1));
            assertThat(backOps.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);
        }
    }

    // Versions

    @Test
    void newerSchema_isRefusedUnlessReadable() throws Exception {
        build(database.dataSource()).close();
        recordMigration(99);

        assertThatThrownBy(() -> build(database.dataSource()))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("Schema backops is at version 99")
                .hasMessageContaining("Upgrade BackOps");

        sql.execute("UPDATE backops.installation SET version = 99, readable_by = 98");
        assertThatThrownBy(() -> build(database.dataSource()))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("98");

        sql.execute("UPDATE backops.installation SET readable_by = ?", Migrations.VERSION);
        assertRuns(database.dataSource(), builder -> builder);
        assertThat(sql.number("SELECT version FROM backops.installation")).isEqualTo(99);
    }

    @Test
    void schemaOfSomebodyElse_isLeftAlone() {
        sql.execute("CREATE SCHEMA backops");
        sql.execute("CREATE TABLE backops.theirs (id int)");

        assertThatThrownBy(() -> build(database.dataSource()))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("backops")
                .hasMessageContaining("not empty")
                .hasMessageContaining("schema(")
                .hasMessageNotContaining("baseline");

        assertThat(tables("backops")).containsExactly("theirs");
    }

    // Rights

    @Test
    void roleThatMayNotCreateASchema_readsWhatToDoAndThatWorks() throws Exception {
        sql.execute("CREATE ROLE " + role + " LOGIN");
        assertThatThrownBy(() -> build(as(role)))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("Role " + role)
                .hasMessageContaining("CREATE SCHEMA backops AUTHORIZATION " + role)
                .hasMessageContaining("migrations(");
        assertThat(tables("backops")).isEmpty();

        sql.execute("CREATE SCHEMA backops AUTHORIZATION " + role);

        assertRuns(as(role), builder -> builder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "USAGE"})
    void roleThatMayNotCreateTablesInTheSchema_readsWhatToDoAndThatWorks(String right) throws Exception {
        sql.execute("CREATE ROLE " + role + " LOGIN");
        sql.execute("CREATE SCHEMA backops");
        if (!right.equals("nothing")) {
            sql.execute("GRANT " + right + " ON SCHEMA backops TO " + role);
        }
        assertThatThrownBy(() -> build(as(role)))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("Role " + role)
                .hasMessageContaining("ALTER SCHEMA backops OWNER TO " + role)
                .hasMessageContaining("migrations(");
        assertThat(tables("backops")).isEmpty();

        sql.execute("ALTER SCHEMA backops OWNER TO " + role);

        assertRuns(as(role), builder -> builder);
    }

    @Test
    void roleThatMayNotUseTheTables_readsWhatToDoAndThatWorks() throws Exception {
        sql.execute("CREATE ROLE " + role + " LOGIN");
        assertThatThrownBy(() -> BackOps.builder(as(role))
                        .migrations(database.dataSource())
                        .build())
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("Role " + role)
                .hasMessageContaining("GRANT USAGE ON SCHEMA backops TO " + role);

        sql.execute("GRANT USAGE ON SCHEMA backops TO " + role);
        sql.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA backops TO " + role);
        sql.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA backops TO " + role);

        assertRuns(as(role), builder -> builder.migrations(database.dataSource()));
    }

    @Test
    void readOnlyDatabase_isSaid() {
        PGSimpleDataSource readOnly = direct();
        readOnly.setOptions("-c default_transaction_read_only=on");
        assertThatThrownBy(() -> build(readOnly))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("read-only");

        build(database.dataSource()).close();
        try (BackOps backOps = build(readOnly)) {
            assertThatThrownBy(() -> Order.client(backOps))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("read-only");
            backOps.register(Order.steps(new Order.Steps() {}));
            assertThatThrownBy(backOps::start)
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("read-only");
        }
    }

    // Settings

    @ParameterizedTest
    @ValueSource(strings = {"", "Backops", "back-ops", "back.ops", "pg_backops", "1st", "a\"b", "grün"})
    void schemaName_thatIsNone_isRefused(String name) {
        assertThatThrownBy(() ->
                        BackOps.builder(database.dataSource()).schema(name).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("schema")
                .hasMessageContaining("\"" + name + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "order", "values"})
    void schemaName_thatIsAWordOfSql_isRefused(String name) {
        assertThatThrownBy(() ->
                        BackOps.builder(database.dataSource()).schema(name).build())
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("Schema " + name)
                .hasMessageContaining("reserved");
    }

    @Test
    void schemaName_ofAnyOtherKind_works() throws Exception {
        for (String name : List.of("_", "operation", "b2", "b".repeat(63))) {
            assertRuns(database.dataSource(), builder -> builder.schema(name));
        }
    }

    @Test
    void setting_outOfItsRange_isRefusedByName() {
        assertRefused("concurrency", builder -> builder.concurrency(0));
        assertRefused("concurrency", builder -> builder.concurrency(10_001));
        assertRefused("lease", builder -> builder.lease(Duration.ofMillis(2_999)));
        assertRefused("lease", builder -> builder.lease(Duration.ofMinutes(61)));
        assertRefused("pollInterval", builder -> builder.pollInterval(Duration.ofMillis(9)));
        assertRefused("pollInterval", builder -> builder.pollInterval(Duration.ofSeconds(61)));
        assertRefused("gracePeriod", builder -> builder.gracePeriod(Duration.ofMillis(-1)));
        assertRefused("gracePeriod", builder -> builder.gracePeriod(Duration.ofDays(2)));
        assertThat(tables("backops")).isEmpty();
    }

    private void assertRefused(String setting, UnaryOperator<BackOps.Builder> set) {
        assertThatThrownBy(
                        () -> set.apply(BackOps.builder(database.dataSource())).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(setting + " must be from");
    }

    // Registration

    @SuppressWarnings("try") // Calls after close() are part of it.
    @Test
    void registration_thatMakesNoSense_isRefused() {
        OperationSteps orders = Order.steps(new Order.Steps() {});
        try (BackOps backOps = build(database.dataSource())) {
            assertThatThrownBy(backOps::start)
                    .isInstanceOf(RegistrationException.class)
                    .hasMessageContaining("register(");
            backOps.register(orders);
            assertThatThrownBy(() -> backOps.register(Order.steps(new Order.Steps() {})))
                    .isInstanceOf(RegistrationException.class)
                    .hasMessageContaining("orders.order is registered already");
            backOps.start();
            assertThatThrownBy(() -> backOps.register(orders))
                    .isInstanceOf(RegistrationException.class)
                    .hasMessageContaining("before start()");
            assertThatThrownBy(backOps::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("started already");
            backOps.close();
            assertThatThrownBy(() -> backOps.register(orders)).isInstanceOf(ClosedException.class);
            assertThatThrownBy(backOps::start).isInstanceOf(ClosedException.class);
        }
    }

    @Test
    void definition_thatCannotRun_isRefusedByName() {
        OperationDefinition empty = OperationDefinition.named("orders.empty");
        OperationDefinition twice = OperationDefinition.named("orders.twice")
                .step(StepDefinition.named("one"))
                .step(StepDefinition.named("one"));
        try (BackOps backOps = build(database.dataSource())) {
            assertThatThrownBy(() -> backOps.register(OperationSteps.of(empty)))
                    .isInstanceOf(RegistrationException.class)
                    .hasMessageContaining("orders.empty")
                    .hasMessageContaining("no step");
            assertThatThrownBy(() -> backOps.client(empty))
                    .isInstanceOf(RegistrationException.class)
                    .hasMessageContaining("orders.empty");
            assertThatThrownBy(() ->
                            backOps.register(OperationSteps.of(twice).step("one", (values, run) -> StepResult.none())))
                    .isInstanceOf(RegistrationException.class)
                    .hasMessageContaining("orders.twice")
                    .hasMessageContaining("\"one\"");
            assertThatThrownBy(() -> backOps.register(OperationSteps.of(Order.DEFINITION)))
                    .isInstanceOf(RegistrationException.class)
                    .hasMessageContaining("orders.order")
                    .hasMessageContaining("charge");
        }
        assertThat(sql.number("SELECT count(*) FROM backops.definition")).isZero();
    }

    // Side by side

    @Test
    void twoInstallations_inOneDatabase_knowNothingOfEachOther() throws Exception {
        try (BackOps one = BackOps.builder(database.dataSource()).schema("one").build();
                BackOps two =
                        BackOps.builder(database.dataSource()).schema("two").build()) {
            List<String> keys = new ArrayList<>();
            for (BackOps backOps : List.of(one, two)) {
                backOps.register(Order.steps(new Order.Steps() {
                    @Override
                    public void thank(StepRun run) {
                        keys.add(run.idempotencyKey());
                    }
                }));
            }
            one.start();
            Enqueued first = Order.client(one).key("k").enqueue(() -> Order.params(1));
            Enqueued second = Order.client(two).key("k").enqueue(() -> Order.params(2));
            assertThat(one.await(first.id(), LONG)).isEqualTo(Status.COMPLETED);
            assertThat(two.operations().status(second.id())).contains(Status.READY);
            two.start();
            assertThat(two.await(second.id(), LONG)).isEqualTo(Status.COMPLETED);

            assertThat(first.id()).isEqualTo(second.id());
            assertThat(keys).hasSize(2).doesNotHaveDuplicates();
            assertThat(one.operations().list(Search.all())).hasSize(1);
            assertThat(two.operations().list(Search.all())).hasSize(1);
        }
    }

    @Test
    void manyProcesses_buildAtOnce_allWork() throws Exception {
        int processes = 8;
        ExecutorService threads = Executors.newFixedThreadPool(processes);
        try {
            CountDownLatch ready = new CountDownLatch(processes);
            List<Future<Boolean>> futures = new ArrayList<>();
            for (int i = 0; i < processes; i++) {
                futures.add(threads.submit(() -> {
                    ready.countDown();
                    ready.await();
                    try (BackOps backOps = build(database.direct())) {
                        return Order.client(backOps)
                                .enqueue(() -> Order.params(1))
                                .added();
                    }
                }));
            }
            for (Future<Boolean> future : futures) {
                assertThat(future.get(60, TimeUnit.SECONDS)).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(sql.number("SELECT count(*) FROM backops.operation")).isEqualTo(processes);
        assertThat(sql.number("SELECT count(*) FROM backops.definition")).isEqualTo(1);
        assertThat(sql.number("SELECT count(*) FROM backops.installation")).isEqualTo(1);
    }

    @Test
    void flywayOfTheApplication_isNotDisturbed() {
        Flyway theirs = Flyway.configure()
                .dataSource(database.dataSource())
                .locations("classpath:no/such/place")
                .load();
        theirs.baseline();
        String before = sql.text("SELECT string_agg(f::text, ';') FROM public.flyway_schema_history f");

        build(database.dataSource()).close();

        assertThat(sql.text("SELECT string_agg(f::text, ';') FROM public.flyway_schema_history f"))
                .isEqualTo(before);
        assertThatCode(theirs::migrate).doesNotThrowAnyException();
        assertThat(tables("public")).containsExactly("flyway_schema_history");
    }

    @Test
    void secondBuild_looksOnceAndChangesNothing() {
        build(database.dataSource()).close();
        String before = sql.text("SELECT string_agg(h::text, ';') FROM backops.schema_history h");

        build(database.dataSource()).close();

        assertThat(sql.text("SELECT string_agg(h::text, ';') FROM backops.schema_history h"))
                .isEqualTo(before);
    }

    private static BackOps build(DataSource dataSource) {
        return BackOps.builder(dataSource).build();
    }

    private static void assertRuns(DataSource dataSource, UnaryOperator<BackOps.Builder> settings) throws Exception {
        try (BackOps backOps = settings.apply(BackOps.builder(dataSource)).build()) {
            backOps.register(Order.steps(new Order.Steps() {}));
            backOps.start();
            Enqueued one = Order.client(backOps).key("k").enqueue(() -> Order.params(1));
            assertThat(backOps.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);
            assertThat(backOps.operations().find(one.id())).isPresent();
            assertThat(backOps.operations().steps(one.id())).hasSize(3);
        }
    }

    private void recordMigration(int version) {
        sql.execute("""
                INSERT INTO backops.schema_history
                  (installed_rank, version, description, type, script, installed_by, execution_time, success)
                VALUES (?, ?, 'later', 'SQL', 'later.sql', 'somebody', 1, true)
                """, version, Integer.toString(version));
    }

    private List<String> tables(String schema) {
        return sql.texts("SELECT tablename FROM pg_tables WHERE schemaname = ?", schema);
    }

    private DataSource as(String user) {
        PGSimpleDataSource dataSource = direct();
        dataSource.setUser(user);
        return dataSource;
    }

    private PGSimpleDataSource direct() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(database.jdbcUrl());
        return dataSource;
    }

    /** A data source written badly. */
    private abstract static class Stub implements DataSource {

        @Override
        public Connection getConnection(String username, String password) throws SQLException {
            throw new SQLFeatureNotSupportedException();
        }

        @Override
        public @Nullable PrintWriter getLogWriter() {
            return null;
        }

        @Override
        public void setLogWriter(PrintWriter out) {}

        @Override
        public void setLoginTimeout(int seconds) {}

        @Override
        public int getLoginTimeout() {
            return 0;
        }

        @Override
        public Logger getParentLogger() throws SQLFeatureNotSupportedException {
            throw new SQLFeatureNotSupportedException();
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            throw new SQLFeatureNotSupportedException();
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return false;
        }
    }
}
