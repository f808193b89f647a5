package dev.backops.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.BackOps;
import dev.backops.FailureGroup;
import dev.backops.Search;
import dev.backops.Status;
import dev.backops.StepCount;
import dev.backops.internal.schema.Migrations;
import dev.backops.internal.store.JournalStore.Attempt;
import dev.backops.internal.store.JournalStore.AttemptKey;
import dev.backops.internal.store.JournalStore.FailedRow;
import dev.backops.internal.store.JournalStore.FinishedRow;
import dev.backops.internal.store.JournalStore.Next;
import dev.backops.internal.store.WorkStore.Cursor;
import dev.backops.internal.store.WorkStore.Room;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The plans of the statements that run all the time, under the engine's settings: good from the empty table on, whatever the
 * statistics say. The server explains each statement as it really ran.
 */
class PlansTest {

    private static final List<Long> IDS =
            LongStream.rangeClosed(1, 1_000).boxed().toList();
    private static final List<Integer> TOKENS = IDS.stream().map(id -> 1).toList();

    @RegisterExtension
    final TestDatabase testDatabase = new TestDatabase();

    private final Tables tables = new Tables(testDatabase);

    @BeforeEach
    void migrate() {
        new Migrations("backops", testDatabase.dataSource()).migrate();
        // Whatever the test says about statistics is to be true.
        for (String table : List.of("operation", "work", "step", "failure", "worker")) {
            tables.execute("ALTER TABLE backops." + table + " SET (autovacuum_enabled = off)");
        }
        tables.worker(7);
        assertThat(tables.definition()).isEqualTo(1);
    }

    @Test
    void plans_onEmptyTables_useIndexes() {
        assertGoodPlans();
    }

    @Test
    void plans_onEmptyAnalysedTables_useIndexes() {
        tables.execute("VACUUM ANALYZE");
        assertGoodPlans();
    }

    @Test
    void plans_onAHundredThousandRowsNeverAnalysed_useIndexes() {
        fill();
        assertGoodPlans();
    }

    @Test
    void plans_onAHundredThousandRowsAnalysed_useIndexes() {
        fill();
        tables.execute("VACUUM ANALYZE");
        assertGoodPlans();
    }

    @Test
    void plans_onTablesAnalysedWhenTheyWereEmpty_useIndexes() {
        tables.execute("VACUUM ANALYZE");
        fill();
        assertGoodPlans();
    }

    /* Between two bursts, while an old snapshot keeps all that is dead. */
    @Test
    void plans_onATableOfManyPagesVacuumedWhenItWasEmpty_useIndexes() {
        fill();
        tables.execute("CREATE TABLE burst AS TABLE backops.work");
        try (Handle old = tables.open()) {
            old.begin();
            old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            old.execute("SELECT FROM backops.work LIMIT 1");
            tables.execute("DELETE FROM backops.work");
            tables.execute("VACUUM ANALYZE backops.work");
            old.rollback();
        }
        tables.execute("INSERT INTO backops.work SELECT * FROM burst");

        assertGoodPlans();
    }

    @ParameterizedTest
    @ValueSource(strings = {"never", "before", "after"})
    void counts_andFailureGroups_doNotReadWhatIsOver(String analysed) {
        if (analysed.equals("before")) {
            tables.execute("VACUUM ANALYZE");
        }
        fill();
        tables.execute("DELETE FROM backops.work WHERE operation_id > 2000");
        tables.execute("UPDATE backops.operation SET outcome = 'completed', finished_at = now() WHERE id > 2000");
        tables.execute("INSERT INTO backops.failure"
                + " (operation_id, failed_at, worker, seq, token, attempt, step, error_class, stack_trace)"
                + " SELECT id, now(), 7, 0, 1, 1, 'charge', 'x.Y', 'x.Y at Z' FROM generate_series(1001, 2000) AS id");
        if (analysed.equals("after")) {
            tables.execute("VACUUM ANALYZE");
        }
        ViewStore views = Tables.STORES.views();
        Consumer<Handle> counts = handle -> assertThat(views.counts(handle)).hasSize(2);
        Consumer<Handle> groups =
                handle -> assertThat(views.failureGroups(handle)).hasSize(1);

        assertThat(plan(counts)).contains("using operation_pkey on operation");
        assertThat(plan(groups)).contains("using operation_pkey on operation").contains("using work_listed on work");
    }

    @Test
    void counts_andFailureGroups_areAskedForUnderTheEnginesSettings() {
        tables.execute("CREATE OR REPLACE VIEW backops.counts AS SELECT current_setting('enable_seqscan') AS name,"
                + " 'ready' AS status, 'charge' AS step, 1::bigint AS operations, now() AS oldest");
        tables.execute(
                "CREATE OR REPLACE VIEW backops.failure_groups AS SELECT current_setting('enable_seqscan') AS name,"
                        + " 'charge' AS step, 'x.Y' AS error_class, NULL AS error_frame, 1::bigint AS operations, 1::bigint AS failed,"
                        + " now() AS first_at, now() AS last_at, 1::bigint AS sample_id, NULL AS sample_message");
        try (BackOps backOps = BackOps.builder(testDatabase.dataSource()).build()) {
            assertThat(backOps.operations().counts())
                    .extracting(StepCount::name)
                    .containsExactly("off");
            assertThat(backOps.operations().failureGroups())
                    .extracting(FailureGroup::name)
                    .containsExactly("off");
        }
    }

    @Test
    void claim_behindThousandsOfForeignDefinitions_isByIndex() {
        fill();
        tables.execute("UPDATE backops.work SET run_at = run_at - interval '1 year', definition = 1000 + operation_id"
                + " WHERE operation_id BETWEEN 20001 AND 25000");
        List<Room> rooms = List.of(new Room(List.of(Cursor.start("default", 0)), 500));
        Consumer<Handle> claim =
                handle -> assertThat(Tables.STORES.work().claim(handle, 7, List.of(tables.definition()), rooms, 0))
                        .hasSize(500)
                        .allSatisfy(one -> assertThat(one.operationId()).isGreaterThan(25_000));

        assertThat(plan(claim)).contains("using work_ready on work");
        tables.execute("VACUUM ANALYZE");
        assertThat(plan(claim)).contains("using work_ready on work");
    }

    private void assertGoodPlans() {
        assertGoodPlansThatAreKept("force_custom_plan");
        assertGoodPlansThatAreKept("force_generic_plan");
        Stores stores = Tables.STORES;
        WorkStore work = stores.work();
        assertById(plan(handle -> stores.journal().recordFinished(handle, 7, finished())));
        assertById(plan(handle -> stores.journal().recordFailed(handle, 7, failed())));
        plan(handle -> stores.journal().recorded(handle, 7, keys()));
        assertById(plan(handle -> stores.journal().held(handle, 7, keys())));
        plan(handle -> stores.journal().lockFree(handle, IDS));
        assertThat(assertById(plan(handle -> work.makeDueReady(handle, 1_000))))
                .contains("using work_scheduled on work");
        assertThat(plan(on -> work.queuesBeside(on, List.of("default", "mail"))))
                .contains("using work_ready on work")
                .contains("Index Cond: ((queue > (q_1.queue)::text) AND (queue < (q_1.high)::text))");
        assertById(plan(handle -> work.park(handle, List.of(3, 4), 1_000)));
        assertById(plan(handle -> work.unpark(handle, List.of(1, 2), 1_000)));
        plans(handle -> work.giveBack(handle, 7, IDS, TOKENS)).forEach(plan -> assertById(assertGood(plan)));
        plans(handle -> work.postpone(handle, 7, 1, 1)).forEach(PlansTest::assertGood);
        assertThat(plan(handle -> stores.prunes().prune(handle, Status.COMPLETED, Duration.ZERO, 1_000)))
                .contains("using operation_listed on operation");
        assertGoodSearches(stores.views());
    }

    /** They may be made while the tables are as they are, and used once these are different. */
    private void assertGoodPlansThatAreKept(String planCacheMode) {
        Stores stores = Tables.STORES;
        WorkStore work = stores.work();
        List<Cursor> cursors = Stream.of(0, 1, 2, 3)
                .map(rank -> new Cursor("default", rank, OffsetDateTime.parse("2026-01-01T00:00:00Z"), 5))
                .toList();

        List<Room> rooms = List.of(new Room(cursors, 500), new Room(List.of(Cursor.start("billing", 0)), 4));
        String claim = plan(planCacheMode, handle -> work.claim(handle, 7, List.of(1, 2), rooms, 1));
        assertThat(claim)
                .contains("Index Cond: ((queue = (cell_2.queue)::text) AND (priority = cell_2.priority)"
                        + " AND (ROW(run_at, operation_id) > ROW(cell_2.from_time, cell_2.from_id)))")
                .contains("using work_ready on work")
                .contains("using work_suspect on work")
                .containsPattern("using work_pkey on work w .*\\R\\s+Index Cond: \\(operation_id = ANY");
        String one = plan(
                planCacheMode,
                handle -> stores.journal().recordFinished(handle, 7, finished().subList(0, 1)));
        assertThat(one)
                .contains("Index Scan using work_pkey on work")
                .contains("Index Scan using operation_pkey on operation")
                .doesNotContainPattern("Scan using work_pkey on work .*\\R(?!\\s+Index Cond: \\(operation_id = )");
        assertThat(plan(planCacheMode, work::untilNextDue)).contains("using work_scheduled on work");
        plan(planCacheMode, handle -> stores.operations().readClaimed(handle, IDS));
        plan(planCacheMode, handle -> stores.operations().readSteps(handle, IDS));
    }

    /** Nothing is read that is not on the page, however much there is. */
    private void assertGoodSearches(ViewStore views) {
        Search order = Search.all().names("orders.order");
        for (Search search : List.of(Search.all(), order, order.createdFrom(Instant.EPOCH))) {
            assertThat(plan(handle -> views.list(handle, search)))
                    .contains("using operation_listed on operation")
                    .doesNotContain("Bitmap Heap Scan on operation");
        }
        for (Status status : Status.values()) {
            if (status != Status.READY && status != Status.RUNNING && status != Status.COMPLETED) {
                assertThat(plan(handle -> views.list(handle, order.statuses(Set.of(status)))))
                        .contains("using work_listed on work");
            }
        }
        plan(handle -> views.list(handle, order.statuses(Set.of(Status.READY, Status.COMPLETED))));
        ParamIndex index = new ParamIndex(List.of("orders.order"), "number");
        tables.execute(Tables.STORES.indexes().statement(index));
        for (Search search : List.of(order, order.statuses(Set.of(Status.FAILED)), order.createdFrom(Instant.EPOCH))) {
            assertThat(lastPlan(handle -> views.list(handle, search.param("number", 42L))))
                    .contains("using " + index.indexName() + " on operation")
                    .doesNotContain("Bitmap Heap Scan on operation");
        }
        ParamIndex former = new ParamIndex(List.of("orders.order"), "no");
        tables.execute(Tables.STORES.indexes().statement(former));
        assertThat(lastPlan(handle -> views.list(handle, order.param(List.of("number", "no"), 42L))))
                .contains("using " + index.indexName() + " on operation")
                .contains("using " + former.indexName() + " on operation")
                .doesNotContain("Bitmap Heap Scan on operation");
        plan(handle -> views.list(handle, order.ids(Set.of(5L, 6L))));
        assertThat(plan(handle ->
                        views.list(handle, order.finishedFrom(Instant.EPOCH).finishedTo(Instant.EPOCH.plusSeconds(1)))))
                .contains("Bitmap Index Scan on step_finished")
                .contains("using operation_pkey on operation");
        // One bound, from which the scan begins, and not several of which it would take the first.
        assertThat(plan(handle -> views.list(handle, order.createdTo(Instant.EPOCH))))
                .contains("ROW(created_at, id) < ROW(('1970-01-01T00:00:00Z'")
                .doesNotContain("(created_at < ");
    }

    /** How the server ran the statements of one call; what they did is rolled back. */
    private String plan(Consumer<Handle> call) {
        return plan("force_custom_plan", call);
    }

    private String plan(String planCacheMode, Consumer<Handle> call) {
        List<String> plans = plans(planCacheMode, call);
        assertThat(plans).isNotEmpty();
        return assertGood(String.join("\n", plans));
    }

    /** The same of the last one of several statements. */
    private String lastPlan(Consumer<Handle> statement) {
        List<String> plans = plans(statement);
        return assertGood(plans.get(plans.size() - 1));
    }

    private List<String> plans(Consumer<Handle> statement) {
        return plans("force_custom_plan", statement);
    }

    private List<String> plans(String planCacheMode, Consumer<Handle> statement) {
        List<String> plans = new ArrayList<>();
        try (Handle handle = tables.open()) {
            EngineSession.configure(handle, /* transactionOnly= */ false);
            handle.execute("SET plan_cache_mode = " + planCacheMode);
            handle.execute("LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0;"
                    + " SET auto_explain.log_parameter_max_length = 0;"
                    + " SET auto_explain.log_level = 'notice'; SET client_min_messages = 'notice'");
            handle.getConfig(SqlStatements.class).setSqlLogger(new Notices(plans));
            handle.begin();
            statement.accept(handle);
            // What the server says of a query comes with the answer to the next statement.
            handle.execute("SET CONSTRAINTS ALL IMMEDIATE");
            handle.rollback();
        }
        return plans;
    }

    private static String assertGood(String plan) {
        // Both have a handful of rows, and no index would help.
        String grown = plan.replaceAll("(Seq|Bitmap Heap) Scan on (pause|worker) .*\\R\\s+Disabled: true", "");
        assertThat(grown)
                .doesNotContain("Seq Scan on operation ")
                .doesNotContain("Seq Scan on work ")
                .doesNotContain("Seq Scan on step ")
                .doesNotContain("Seq Scan on failure ")
                .doesNotContain("Disabled: true");
        return plan;
    }

    /** Of work no more is read than what is asked for. */
    private static String assertById(String plan) {
        assertThat(plan).doesNotContainPattern("Scan using work_pkey on work .*\\R(?!\\s+Index Cond: )");
        return plan;
    }

    private void fill() {
        tables.execute("INSERT INTO backops.operation (id, definition, name, params, next_step)"
                + " SELECT id, 1, 'orders.order', '{}', 'charge' FROM generate_series(1, 100000) AS id");
        tables.execute("INSERT INTO backops.work (operation_id, run_at, worker, definition, token, priority, state)"
                + " SELECT id, '2026-01-01Z'::timestamptz + id * interval '1 second',"
                + " CASE WHEN id <= 1000 THEN 7 END, 1, 1, id % 4,"
                + " CASE WHEN id <= 1000 THEN 'running' WHEN id <= 2000 THEN 'failed' WHEN id <= 20000 THEN 'scheduled'"
                + " ELSE 'ready' END FROM generate_series(1, 100000) AS id");
        tables.execute(
                "INSERT INTO backops.step"
                        + " (operation_id, started_at, finished_at, worker, seq, token, attempts, name, status, outputs)"
                        + " SELECT id, now(), now(), 7, 0, 1, 1, 'pick', 'completed', '{}' FROM generate_series(1001, 100000) AS id");
    }

    private static List<AttemptKey> keys() {
        return IDS.stream().map(id -> new AttemptKey(id, 1, 0)).toList();
    }

    private static List<FinishedRow> finished() {
        return keys().stream()
                .map(key -> {
                    boolean last = key.operationId() % 3 == 0;
                    return new FinishedRow(
                            new Attempt(key, "charge", 1),
                            "completed",
                            last ? null : new Next("ship", 0, null),
                            /* compensating= */ false,
                            last ? "completed" : null,
                            "{}",
                            last ? "{}" : null,
                            1,
                            1);
                })
                .toList();
    }

    private static List<FailedRow> failed() {
        return keys().stream()
                .map(key -> new FailedRow(new Attempt(key, "charge", 1), 0L, "x.Y", null, null, "x.Y at Z"))
                .toList();
    }

    /** Collects what the server said about a statement. */
    private record Notices(List<String> plans) implements SqlLogger {

        @Override
        public void logAfterExecution(StatementContext context) {
            try {
                for (SQLWarning notice = context.getStatement().getWarnings();
                        notice != null;
                        notice = notice.getNextWarning()) {
                    plans.add(String.valueOf(notice.getMessage()));
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
