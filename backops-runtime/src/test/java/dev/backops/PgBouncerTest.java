package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Values;
import dev.backops.testkit.Ledger;
import dev.backops.testkit.Order;
import dev.backops.testkit.PgBouncer;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TestDatabase;
import dev.backops.testkit.WorkerProcesses;
import dev.backops.testkit.WorkerProcesses.Worker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Behind the real PgBouncer in transaction mode; skipped where that is not installed. */
class PgBouncerTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    @RegisterExtension
    final WorkerProcesses workers = new WorkerProcesses();

    @TempDir
    Path directory;

    private PgBouncer pooler;
    private HikariDataSource pool;

    @BeforeEach
    void open() throws Exception {
        Optional<Path> program = PgBouncer.program();
        assumeThat(program)
                .as("the program pgbouncer (Debian's package pgbouncer) is not installed, so this is not tested here")
                .isPresent();
        pooler = PgBouncer.before(database.jdbcUrl(), program.orElseThrow(), directory);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(pooler.jdbcUrl());
        config.setMaximumPoolSize(24);
        pool = new HikariDataSource(config);
    }

    @AfterEach
    void close() throws Exception {
        if (pool != null) {
            pool.close();
        }
        if (pooler != null) {
            pooler.close();
        }
    }

    @Test
    void transactionPooling_operationsOfTwoProcessesRunOnce() throws Exception {
        try (BackOps one = builder().build();
                BackOps two = builder().build()) {
            one.register(Order.steps(new Order.Steps() {
                @Override
                public void ship(String receipt, StepRun run) {
                    if (run.attempt() == 1 && run.operationId() % 3 == 0) {
                        throw new IllegalStateException("Not yet");
                    }
                }
            }));
            two.register(Order.steps(new Order.Steps() {}));
            one.start();
            two.start();
            List<Enqueued> all = Order.client(one)
                    .enqueueAll(LongStream.range(0, 300).boxed().toList(), Order::params);
            Enqueued later = Order.client(two).after(Duration.ofMillis(300)).enqueue(() -> Order.params(300));
            Enqueued keyed = Order.client(two).key("once").enqueue(() -> Order.params(301));
            Enqueued again = Order.client(one).key("once").enqueue(() -> Order.params(301));
            assertThat(again.id()).isEqualTo(keyed.id());

            for (Enqueued each : all) {
                assertThat(one.await(each.id(), LONG)).isEqualTo(Status.COMPLETED);
            }
            assertThat(two.await(later.id(), LONG)).isEqualTo(Status.COMPLETED);
            assertThat(two.await(keyed.id(), LONG)).isEqualTo(Status.COMPLETED);
        }
        Sql sql = new Sql(database.dataSource());
        assertThat(sql.number("SELECT count(*) FROM backops.step")).isEqualTo(302 * 3);
        assertThat(sql.number("SELECT count(DISTINCT worker) FROM backops.step"))
                .isEqualTo(2);
        assertThat(sql.number("SELECT count(*) FROM backops.worker")).isZero();
    }

    @Test
    void transactionPooling_transactionalStepsPausesAndCancelsWork() throws Exception {
        Sql sql = new Sql(database.dataSource());
        sql.execute("CREATE TABLE public.sale (operation bigint NOT NULL)");
        OperationDefinition definition = OperationDefinition.named("till.sale")
                .step(StepDefinition.named("book").transactional())
                .step(StepDefinition.named("pack"))
                .step(StepDefinition.named("thank"));
        CountDownLatch packing = new CountDownLatch(1);
        CountDownLatch mayPack = new CountDownLatch(1);
        try (BackOps backOps = builder().build()) {
            backOps.register(OperationSteps.of(definition)
                            .transactionalStep("book", (values, run, handle) -> {
                                handle.execute("INSERT INTO public.sale VALUES (?)", run.operationId());
                                return StepResult.none();
                            })
                            .step("pack", (values, run) -> {
                                packing.countDown();
                                mayPack.await();
                                return StepResult.none();
                            })
                            .step("thank", (values, run) -> StepResult.none()))
                    .start();
            long id = backOps.client(definition).enqueue(Values::none).id();
            packing.await();

            assertThat(backOps.operations().pause(id)).isFalse();
            mayPack.countDown();
            await().atMost(LONG).until(() -> backOps.operations().status(id).orElseThrow() == Status.PAUSED);
            backOps.operations().unpause(id);
            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);

            long later = backOps.client(definition)
                    .after(Duration.ofHours(1))
                    .enqueue(Values::none)
                    .id();
            assertThat(backOps.operations().cancel(later)).isTrue();
            assertThat(backOps.await(later, LONG)).isEqualTo(Status.CANCELLED);
            assertThat(sql.texts("""
                            SELECT n.operation FROM public.sale n JOIN backops.step s
                              ON s.operation_id = n.operation AND s.name = 'book' AND s.xmin = n.xmin
                            """)).containsExactly(String.valueOf(id));
        }
    }

    @Test
    void transactionPooling_killedProcessIsRescuedByAnother() throws Exception {
        Ledger ledger = new Ledger(database.dataSource()).create();
        try (BackOps backOps = builder().build()) {
            Worker killed = startWorker();
            Worker other = startWorker();
            killed.awaitStart();
            other.awaitStart();
            Order.client(backOps).enqueueAll(LongStream.range(0, 200).boxed().toList(), Order::params);
            await().atMost(LONG).until(() -> ledger.calls(killed.pid()) > 20);

            killed.kill();

            await().atMost(LONG).until(() -> ledger.completed() == 200);
        }
        assertThat(ledger.misrecorded()).isEmpty();
        assertThat(ledger.calledAfterRecord()).isEmpty();
        assertThat(ledger.failedAttempts()).isEmpty();
        // So there was something to rescue.
        assertThat(ledger.calledAgain()).isNotEmpty();
    }

    private Worker startWorker() {
        return workers.startBehind(pooler, database.jdbcUrl(), Duration.ofMillis(100));
    }

    @Test
    void transactionPooling_leavesNothingInSessions() throws Exception {
        try (BackOps backOps = builder().build()) {
            backOps.register(Order.steps(new Order.Steps() {}));
            backOps.start();
            for (long number = 0; number < 30; number++) {
                Enqueued one = Order.client(backOps).enqueue(() -> Order.params(1));
                backOps.await(one.id(), LONG);
            }
            // All four sessions at a time, each of which has served the engine.
            Jdbi jdbi = Jdbi.create(pool);
            try (Handle first = jdbi.open();
                    Handle second = jdbi.open();
                    Handle third = jdbi.open()) {
                for (Handle handle : List.of(first, second, third)) {
                    handle.begin();
                    assertThat(handle.select("SELECT count(*) FROM pg_prepared_statements")
                                    .mapTo(Long.class)
                                    .one())
                            .isZero();
                    assertThat(handle.select("""
                                    SELECT name FROM pg_settings WHERE source = 'session'
                                      AND name IN ('plan_cache_mode', 'enable_seqscan', 'lock_timeout', 'search_path')
                                    """).mapTo(String.class).list()).isEmpty();
                    assertThat(handle.select("SELECT pg_listening_channels()")
                                    .mapTo(String.class)
                                    .list())
                            .isEmpty();
                }
                List.of(first, second, third).forEach(Handle::rollback);
            }
        }
    }

    private BackOps.Builder builder() {
        return BackOps.builder(pool)
                .migrations(database.direct())
                .transactionPooling(true)
                .pollInterval(Duration.ofMillis(200));
    }
}
