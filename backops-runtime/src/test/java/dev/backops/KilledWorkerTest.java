package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.testkit.Ledger;
import dev.backops.testkit.Order;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TestDatabase;
import dev.backops.testkit.WorkerProcesses;
import dev.backops.testkit.WorkerProcesses.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KilledWorkerTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    @RegisterExtension
    final WorkerProcesses workers = new WorkerProcesses();

    private Ledger ledger;

    @BeforeEach
    void createLedger() {
        ledger = new Ledger(database.dataSource()).create();
    }

    @Test
    void workers_killedAgainAndAgain_loseNothingAndRepeatNothingRecorded() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int operations = 600;
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            List<Worker> alive = new ArrayList<>();
            alive.add(start(20));
            alive.add(start(20));
            alive.forEach(Worker::awaitStart);
            Order.client(backOps)
                    .enqueueAll(LongStream.range(0, operations).boxed().toList(), Order::params);

            for (int kills = 0; kills < 6; kills++) {
                // The kill is to come at a moment of its own each time, under load: a number of calls to go.
                long calls = ledger.calls() + 20 + random.nextInt(200);
                await().atMost(LONG)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> ledger.calls() >= calls || ledger.completed() == operations);
                alive.remove(random.nextInt(alive.size())).kill();
                alive.add(start(20));
                alive.get(1).awaitStart();
            }

            await("completion, seed " + seed).atMost(LONG).until(() -> ledger.completed() == operations);
        }
        assertThat(ledger.misrecorded()).isEmpty();
        assertThat(ledger.recordedWithoutCall()).isEmpty();
        assertThat(ledger.calledAfterRecord()).isEmpty();
        assertThat(ledger.failedAttempts()).isEmpty();
        // So there was something to lose.
        assertThat(ledger.calledAgain()).isNotEmpty();
    }

    @Test
    void worker_diesInTheMiddleOfAStep_theStepRunsAgainAndNoOther() throws Exception {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            Enqueued one = Order.client(backOps).enqueue(() -> Order.params(1));
            Worker dying = workers.start(database.jdbcUrl(), Duration.ZERO, "ship");
            assertThat(dying.awaitEnd()).isEqualTo(137);
            assertThat(ledger.recorded()).isEqualTo(1);

            start(0);

            assertThat(backOps.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);
            assertThat(ledger.calledAgain()).containsExactly(one.id() + " ship 2");
            assertThat(ledger.misrecorded()).isEmpty();
            assertThat(ledger.failedAttempts()).isEmpty();
            assertThat(backOps.operations().failures(one.id())).isEmpty();
        }
    }

    @Test
    void worker_frozenBeyondItsLease_recordsNothingAndGoesOnUnderANewId() throws Exception {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            Worker frozen = start(1_000).awaitStart();
            List<Enqueued> some = Order.client(backOps)
                    .enqueueAll(LongStream.range(0, 8).boxed().toList(), Order::params);
            await().atMost(LONG).until(() -> ledger.calls(frozen.pid()) >= 8);
            frozen.freeze();
            long firstId = workerId(frozen);
            long recorded = recordedBy(firstId);
            Worker other = start(1_000);
            await().atMost(LONG).until(() -> ledger.calls(other.pid()) >= 8);

            // Now both processes are in the same steps of the same operations.
            frozen.thaw();

            await().atMost(LONG).until(() -> frozen.said().contains("goes on under another id"));
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(workerId(frozen)).isNotEqualTo(firstId));
            for (Enqueued one : some) {
                assertThat(backOps.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);
            }
            assertThat(recordedBy(firstId)).isEqualTo(recorded);
            other.close();
            Enqueued later = Order.client(backOps).enqueue(() -> Order.params(9));
            assertThat(backOps.await(later.id(), LONG)).isEqualTo(Status.COMPLETED);
            assertThat(ledger.misrecorded()).isEmpty();
            assertThat(ledger.calledAfterRecord()).isEmpty();
            assertThat(ledger.failedAttempts()).isEmpty();
        }
    }

    @Test
    void operation_thatProcessesDieOf_failsReadably_andNoOtherDoes() throws Exception {
        // Runs no orders itself, and takes them from the dead.
        OperationDefinition other = OperationDefinition.named("other").step(StepDefinition.named("nothing"));
        try (BackOps rescuer = BackOps.builder(database.dataSource())
                .lease(Duration.ofSeconds(3))
                .build()) {
            rescuer.register(OperationSteps.of(other).step("nothing", (values, run) -> StepResult.none()))
                    .start();
            List<Enqueued> innocent = Order.client(rescuer)
                    .enqueueAll(LongStream.range(0, 200).boxed().toList(), Order::params);
            Enqueued deadly = Order.client(rescuer).enqueue(() -> Order.params(WorkerProcesses.DEADLY));
            List<Enqueued> later = Order.client(rescuer)
                    .enqueueAll(LongStream.range(0, 200).boxed().toList(), Order::params);

            for (int deaths = 0; deaths < 6; deaths++) {
                assertThat(workers.startVulnerable(database.jdbcUrl()).awaitEnd())
                        .isEqualTo(137);
                int expected = deaths + 1;
                await().atMost(LONG).until(() -> crashes(deadly) == expected);
            }
            Worker last = workers.startVulnerable(database.jdbcUrl());

            for (Enqueued one : concat(innocent, later)) {
                assertThat(rescuer.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);
            }
            assertThat(rescuer.operations().status(deadly.id())).contains(Status.FAILED);
            assertThat(rescuer.operations().failures(deadly.id()))
                    .extracting(FailureInfo::message)
                    .containsExactly("The process died 6 times while running step charge");
            assertThat(rescuer.operations().list(Search.of(Status.FAILED))).hasSize(1);

            last.close();
            // With the cause mended it goes on.
            start(0);
            rescuer.operations().resume(deadly.id());
            assertThat(rescuer.await(deadly.id(), LONG)).isEqualTo(Status.COMPLETED);
        }
    }

    private long recordedBy(long workerId) {
        return new Sql(database.dataSource()).number("SELECT count(*) FROM backops.step WHERE worker = ?", workerId);
    }

    @Test
    void worker_killedAtDefaultSettings_isRescuedWithinTwentySeconds() throws Exception {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            Worker killed = workers.start(database.jdbcUrl(), Duration.ofHours(1), "none", BackOpsConfig.DEFAULT_LEASE)
                    .awaitStart();
            Enqueued one = Order.client(backOps).enqueue(() -> Order.params(1));
            await().atMost(LONG).until(() -> ledger.calls(killed.pid()) == 1);
            backOps.register(Order.steps(new Order.Steps() {})).start();
            // Whoever is to bury others must have lived for a lease itself.
            await().atMost(LONG).until(() -> unbrokenFor(BackOpsConfig.DEFAULT_LEASE));

            killed.kill();

            assertThat(backOps.await(one.id(), Duration.ofSeconds(20))).isEqualTo(Status.COMPLETED);
        }
    }

    /** Whichever of the two has the longer one. */
    @ParameterizedTest
    @CsvSource({"3, 9", "9, 3"})
    void step_thatOutlastsManyLeases_isLeftToItsLivingWorker(int seconds, int othersSeconds) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        Order.Steps steps = new Order.Steps() {
            @Override
            public void ship(String receipt, StepRun run) throws Exception {
                calls.incrementAndGet();
                end.await();
            }
        };
        try (BackOps one = BackOps.builder(database.dataSource())
                        .lease(Duration.ofSeconds(seconds))
                        .build();
                BackOps other = BackOps.builder(database.dataSource())
                        .lease(Duration.ofSeconds(othersSeconds))
                        .build()) {
            one.register(Order.steps(steps)).start();
            Enqueued order = Order.client(one).enqueue(() -> Order.params(1));
            await().atMost(LONG).until(() -> calls.get() == 1);
            other.register(Order.steps(steps)).start();

            await().atMost(LONG).until(() -> unbrokenFor(Duration.ofSeconds(11)));

            assertThat(calls).hasValue(1);
            assertThat(crashes(order)).isZero();
            end.countDown();
            assertThat(one.await(order.id(), LONG)).isEqualTo(Status.COMPLETED);
            assertThat(calls).hasValue(1);
        }
    }

    /** As after somebody has killed a process and tidied up behind it. */
    @Test
    void operation_ofAWorkerWhoseRowIsGone_isTakenFromIt() throws Exception {
        try (BackOps backOps = BackOps.builder(database.dataSource())
                .lease(Duration.ofSeconds(3))
                .build()) {
            backOps.register(Order.steps(new Order.Steps() {})).start();
            Enqueued order = Order.client(backOps).after(Duration.ofHours(1)).enqueue(() -> Order.params(1));
            new Sql(database.dataSource())
                    .execute("UPDATE backops.work SET state = 'running', worker = 99, token = token + 1");

            assertThat(backOps.await(order.id(), LONG)).isEqualTo(Status.COMPLETED);
        }
    }

    private long crashes(Enqueued one) {
        return new Sql(database.dataSource())
                .number("SELECT crashes FROM backops.work WHERE operation_id = ?", one.id());
    }

    /** Whether each worker that lives has lived so long. */
    private boolean unbrokenFor(Duration length) {
        return new Sql(database.dataSource())
                        .number(
                                "SELECT count(*) FROM backops.worker WHERE since > now() - ? * interval '1 millisecond'"
                                        + " AND lease_end > now()",
                                length.toMillis())
                == 0;
    }

    private static List<Enqueued> concat(List<Enqueued> some, List<Enqueued> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    private Worker start(int longestStepMillis) {
        return workers.start(database.jdbcUrl(), Duration.ofMillis(longestStepMillis));
    }

    private long workerId(Worker worker) {
        return new Sql(database.dataSource())
                .number("SELECT coalesce(max(id), 0) FROM backops.worker WHERE pid = ?", worker.pid());
    }
}
