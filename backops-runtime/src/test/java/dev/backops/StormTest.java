package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Types;
import dev.backops.codegen.Values;
import dev.backops.testkit.Order;
import dev.backops.testkit.Sql;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import dev.backops.testkit.WorkerProcesses;
import dev.backops.testkit.WorkerProcesses.Worker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many do the same thing, or the opposite, at the same time. */
class StormTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    @RegisterExtension
    final WorkerProcesses processes = new WorkerProcesses();

    /** How often each step of an operation was called. */
    private final Map<String, Integer> calls = new ConcurrentHashMap<>();

    private final Order.Steps steps = new Order.Steps() {
        @Override
        public Order.Charge charge(long number, StepRun run) {
            called(run);
            return new Order.Charge("receipt", null);
        }

        @Override
        public void ship(String receipt, StepRun run) {
            called(run);
        }

        @Override
        public void thank(StepRun run) {
            called(run);
        }

        private void called(StepRun run) {
            calls.merge(run.operationId() + " " + run.step(), 1, Integer::sum);
        }
    };

    /** The first ones find no tables, and all of them create those at once. */
    @Test
    void startAndClose_byTwentyAtATimeAgainAndAgain_runEachStepOnce() throws Exception {
        int instances = 20;
        int times = 3;
        int orders = 300;
        Sql sql = new Sql(database.dataSource());
        ExecutorService threads = Executors.newFixedThreadPool(instances);
        try {
            List<Future<?>> storm = new ArrayList<>();
            for (int i = 0; i < instances; i++) {
                Random random = new Random(i);
                storm.add(threads.submit(() -> {
                    for (int again = 0; again < times; again++) {
                        try (HikariDataSource pool = pool(database.jdbcUrl());
                                BackOps backOps = BackOps.builder(pool).build()) {
                            backOps.register(Order.steps(steps));
                            backOps.start();
                            for (int order = 0; order < orders / instances / times; order++) {
                                Order.client(backOps).enqueue(() -> Order.params(1));
                            }
                            Thread.sleep(random.nextInt(200));
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : storm) {
                one.get(2 * LONG.toSeconds(), TimeUnit.SECONDS);
            }
            try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
                backOps.register(Order.steps(steps));
                backOps.start();
                await().atMost(LONG).until(() -> sql.number("SELECT count(*) FROM backops.work") == 0);
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(sql.number("SELECT count(*) FROM backops.operation WHERE outcome = 'completed'"))
                .isEqualTo(orders);
        assertThat(calls)
                .hasSize(3 * orders)
                .allSatisfy((step, count) -> assertThat(count).as(step).isEqualTo(1));
        assertThat(sql.number("SELECT count(*) FROM backops.failure")).isZero();
        assertThat(sql.number("SELECT count(*) FROM backops.worker")).isZero();
    }

    @Test
    void cancel_atTheMomentOfTheEnd_endsEachOneWayOrTheOther() throws Exception {
        int orders = 300;
        Random random = new Random(1);
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            backOps.register(Order.steps(steps));
            backOps.start();
            int cancelled = 0;
            for (int i = 0; i < orders; i++) {
                long id = Order.client(backOps).enqueue(() -> Order.params(1)).id();
                long until = System.nanoTime() + random.nextInt(10_000_000);
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                boolean ended = false;
                try {
                    ended = random.nextBoolean()
                            ? backOps.operations().cancel(id)
                            : backOps.operations().cancelNow(id);
                } catch (RepairRefusedException e) {
                    assertThat(backOps.operations().status(id)).contains(Status.COMPLETED);
                }
                if (ended) {
                    assertThat(backOps.operations().status(id)).contains(Status.CANCELLED);
                }
                Status status = backOps.await(id, LONG);
                assertThat(status).isIn(Status.CANCELLED, Status.COMPLETED);
                cancelled += status == Status.CANCELLED ? 1 : 0;
            }
            assertThat(cancelled).isPositive();
        }
        Sql sql = new Sql(database.dataSource());
        // What did run is recorded, once, whoever came first.
        assertThat(calls.values()).containsOnly(1);
        assertThat(sql.texts("SELECT operation_id || ' ' || name FROM backops.step"))
                .containsExactlyInAnyOrderElementsOf(calls.keySet());
        assertThat(sql.number("SELECT count(*) FROM backops.work WHERE state <> 'cancelled'"))
                .isZero();
    }

    /** Of processes that died too often with an operation: it fails, and somebody who waits for that resumes it. */
    @Test
    void resume_atTheMomentOfTheRescue_happensOnce() throws Exception {
        Tables tables = new Tables(database);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            Order.client(backOps);
            List<Long> ids = tables.add(200);
            tables.execute("UPDATE backops.work SET state = 'running', worker = 9, crashes = 20");
            Future<Integer> resumed = other.submit(() -> {
                int count = 0;
                for (long id : ids) {
                    boolean done = false;
                    while (!done) {
                        try {
                            backOps.operations().resume(id);
                            done = true;
                            count++;
                        } catch (RepairRefusedException e) {
                            assertThat(e).hasMessageContaining("running");
                        }
                    }
                }
                return count;
            });
            for (int rescued = 0; rescued < ids.size(); ) {
                rescued += tables.database()
                        .inTransaction(handle -> Tables.STORES.work().rescue(handle, List.of(9L), 3))
                        .size();
            }
            assertThat(resumed.get(60, TimeUnit.SECONDS)).isEqualTo(ids.size());
            assertThat(tables.number(
                            "SELECT count(*) FROM backops.work WHERE state = 'ready' AND crashes = 0 AND token = 2"))
                    .isEqualTo(ids.size());
            assertThat(tables.number("SELECT count(*) FROM backops.audit WHERE act = 'resume'"))
                    .isEqualTo(ids.size());

            backOps.register(Order.steps(steps));
            backOps.start();
            for (long id : ids) {
                assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);
            }
        } finally {
            other.shutdownNow();
        }
        assertThat(calls).hasSize(600);
        assertThat(calls.values()).containsOnly(1);
    }

    @Test
    void jumps_ofAThousandOperationsInThreeProcesses_runEachStepOnceAndInOrder() throws Exception {
        int operations = 1_000;
        Sql sql = new Sql(database.dataSource());
        List<Worker> workers = new ArrayList<>();
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            for (int i = 0; i < 3; i++) {
                workers.add(processes.start(Hopper.class, database.jdbcUrl()));
            }
            workers.forEach(Worker::awaitStart);
            backOps.client(Hopper.DEFINITION)
                    .enqueueAll(IntStream.range(0, operations).boxed().toList(), one -> Values.none());
            await().atMost(LONG)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> sql.number("SELECT count(*) FROM backops.work") == 0);
        }
        long calls = 0;
        for (Worker worker : workers) {
            worker.close();
            calls += Long.parseLong(worker.said().replaceAll("(?s).*called (\\d+).*", "$1"));
        }

        String path = "hop jump ".repeat(Hopper.JUMPS + 1) + "rest";
        assertThat(sql.texts(
                        "SELECT DISTINCT string_agg(name, ' ' ORDER BY seq) FROM backops.step GROUP BY operation_id"))
                .containsExactly(path);
        assertThat(sql.number(
                        "SELECT count(*) FROM backops.operation WHERE outcome = 'completed'"
                                + " AND steps_done = ? AND (outputs ->> 'round')::int = ?",
                        2 * Hopper.JUMPS + 3,
                        Hopper.JUMPS + 1))
                .isEqualTo(operations);
        assertThat(sql.number("SELECT count(*) FROM backops.step")).isEqualTo(calls);
        assertThat(sql.number("SELECT count(DISTINCT worker) FROM backops.step"))
                .isGreaterThan(1);
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    /** A program that runs operations which jump back ten times, and says in the end how many steps it has called. */
    static final class Hopper {

        static final int JUMPS = 10;

        private static final Field<Integer> ROUND = Field.required("round", Types.INT);

        static final OperationDefinition DEFINITION = OperationDefinition.named("hopper")
                .step(StepDefinition.named("hop").mayRead("round").outputs(ROUND))
                .step(StepDefinition.named("jump").reads("round").jumps("hop"))
                .step(StepDefinition.named("rest"));

        private Hopper() {}

        /** Takes the URL of the database. */
        public static void main(String... arguments) throws IOException {
            AtomicLong calls = new AtomicLong();
            try (HikariDataSource pool = pool(arguments[0]);
                    BackOps backOps = BackOps.builder(pool).build()) {
                backOps.register(OperationSteps.of(DEFINITION)
                        .step("hop", (values, run) -> {
                            calls.incrementAndGet();
                            return StepResult.of(ROUND, values.find(ROUND).orElse(0) + 1);
                        })
                        .step("jump", (values, run) -> {
                            calls.incrementAndGet();
                            return StepResult.none().jump(values.get(ROUND) <= JUMPS ? "hop" : null);
                        })
                        .step("rest", (values, run) -> {
                            calls.incrementAndGet();
                            return StepResult.none();
                        }));
                backOps.start();
                System.out.println(WorkerProcesses.STARTED);
                while (System.in.read() != -1) {
                    // Whatever was said, it was not the end.
                }
            }
            System.out.println("called " + calls);
        }
    }
}
