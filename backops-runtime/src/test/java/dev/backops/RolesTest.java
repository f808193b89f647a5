package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backops.testkit.Order;
import dev.backops.testkit.Sql;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The rights that docs/security.md gives: they are enough for what each role is for, and for nothing else. */
class RolesTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static final List<String> VIEWS = List.of(
            "operations", "unfinished", "steps", "failures", "counts", "failure_groups", "workers", "pauses", "audit");

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    /** Roles belong to the server, so each test has its own. */
    private final String app = "app_" + UUID.randomUUID().toString().replace("-", "");

    private final String looker = "looker_" + UUID.randomUUID().toString().replace("-", "");

    @BeforeEach
    void grant() {
        BackOps.builder(database.dataSource()).build().close();
        Sql sql = new Sql(database.dataSource());
        sql.execute("CREATE TABLE public.salary (amount int)");
        sql.execute("CREATE ROLE " + app + " LOGIN");
        sql.execute("GRANT USAGE ON SCHEMA backops TO " + app);
        sql.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA backops TO " + app);
        sql.execute("REVOKE INSERT, UPDATE, DELETE ON backops.schema_history, backops.installation FROM " + app);
        sql.execute("REVOKE UPDATE ON backops.audit FROM " + app);
        sql.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA backops TO " + app);
        sql.execute("CREATE ROLE " + looker + " LOGIN");
        sql.execute("GRANT USAGE ON SCHEMA backops TO " + looker);
        VIEWS.forEach(view -> sql.execute("GRANT SELECT ON backops." + view + " TO " + looker));
    }

    @Test
    void app_doesAllThatBackOpsDoes() throws Exception {
        Order.Steps steps = new Order.Steps() {
            @Override
            public void ship(String receipt, StepRun run) {
                if (receipt.equals("receipt-2")) {
                    throw new StepAbortedException("no van");
                }
            }
        };
        try (BackOps backOps =
                BackOps.builder(as(app)).migrations(database.dataSource()).build()) {
            backOps.register(Order.steps(steps));
            backOps.start();
            Operations operations = backOps.operations();

            long good = Order.client(backOps)
                    .key("k")
                    .enqueue(() -> Order.params(1))
                    .id();
            assertThat(backOps.await(good, LONG)).isEqualTo(Status.COMPLETED);
            long bad = Order.client(backOps).enqueue(() -> Order.params(2)).id();
            assertThat(backOps.await(bad, LONG)).isEqualTo(Status.FAILED);
            operations.setOutput(bad, "note", "by hand");
            operations.by("ann", "van is back").resume(bad);
            assertThat(backOps.await(bad, LONG)).isEqualTo(Status.FAILED);
            operations.retryFrom(bad, "charge");
            assertThat(backOps.await(bad, LONG)).isEqualTo(Status.FAILED);
            operations.skip(bad, Map.of());
            assertThat(backOps.await(bad, LONG)).isEqualTo(Status.COMPLETED);
            long later = Order.client(backOps)
                    .after(Duration.ofHours(1))
                    .enqueue(() -> Order.params(3))
                    .id();
            operations.pause(later);
            operations.unpause(later);
            operations.cancel(later);
            assertThat(operations.pauseQueue("default")).isTrue();
            assertThat(operations.unpauseQueue("default")).isTrue();
            assertThat(operations.pauseName("orders.order")).isTrue();
            assertThat(operations.unpauseName("orders.order")).isTrue();
            operations.list(Search.all());
            operations.counts();
            operations.failureGroups();
        }
        // What retention does, which looks every minute.
        int pruned = Jdbi.create(as(app))
                .inTransaction(handle -> Tables.STORES.prunes().prune(handle, Status.CANCELLED, Duration.ZERO, 10));
        assertThat(pruned).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE backops.mine (id int)",
                "DROP TABLE backops.audit",
                "TRUNCATE backops.operation",
                "ALTER TABLE backops.operation DISABLE TRIGGER ALL",
                "CREATE OR REPLACE FUNCTION backops.erase(op_id bigint) RETURNS void LANGUAGE sql AS ''",
                "CREATE VIEW backops.others AS SELECT 1",
                "UPDATE backops.installation SET version = 99",
                "DELETE FROM backops.schema_history",
                "UPDATE backops.audit SET who = 'somebody else'",
                "SELECT * FROM public.salary",
                "DROP SCHEMA backops CASCADE"
            })
    void app_doesNothingElse(String statement) {
        assertThatThrownBy(() -> new Sql(as(app)).execute(statement))
                .hasMessageMatching("(?s).*(permission denied|must be owner).*");
    }

    @Test
    void looker_looks() {
        Sql sql = new Sql(as(looker));
        for (String view : VIEWS) {
            sql.texts("SELECT v::text FROM backops." + view + " v");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT params FROM backops.operation",
                "SELECT outputs FROM backops.step",
                "SELECT notes FROM backops.worker",
                "SELECT * FROM backops.operation_now",
                "SELECT * FROM backops.work",
                "SELECT * FROM backops.failure",
                "SELECT * FROM backops.definition",
                "SELECT * FROM backops.by_param('orders.order', 'number', '1')",
                "SELECT backops.cancel(1)",
                "SELECT backops.resume(1)",
                "SELECT backops.pause_queue('default')",
                "SELECT backops.unpause_name('orders.order')",
                "INSERT INTO backops.pauses VALUES ('queue', 'default', 'me', '', now())",
                "DELETE FROM backops.pauses",
                "DELETE FROM backops.audit",
                "CREATE TABLE backops.mine (id int)"
            })
    void looker_doesNothingElse(String statement) {
        assertThatThrownBy(() -> new Sql(as(looker)).execute(statement)).hasMessageContaining("permission denied");
    }

    private DataSource as(String role) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(database.jdbcUrl());
        dataSource.setUser(role);
        return dataSource;
    }
}
