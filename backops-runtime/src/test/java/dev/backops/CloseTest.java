package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Values;
import dev.backops.testkit.Order;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TcpProxy;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CloseTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    /** What a close may take beyond the grace period, on a machine that is busy. */
    private static final Duration MORE = Duration.ofSeconds(15);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private final CountDownLatch inStep = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    /** Those of a close that was not waited for end as well. */
    @AfterEach
    void noThreadIsLeft() {
        goOn.countDown();
        await().atMost(LONG).untilAsserted(() -> assertThat(ourThreads()).isEmpty());
    }

    @Test
    void runningStep_endsWithinTheGracePeriod_isRecorded() throws Exception {
        BackOps backOps = waitingInShip(Duration.ofSeconds(20));
        CompletableFuture<?> closing = inBackground(backOps::close);
        assertThatThrownBy(() -> closing.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        goOn.countDown();
        closing.get(60, TimeUnit.SECONDS);

        assertThat(new Sql(database.dataSource()).texts("SELECT next_step FROM backops.operation"))
                .containsExactly("thank");
        assertThat(unfinished()).containsExactly("ready 0 0");
        assertThat(workers()).isEmpty();
    }

    @Test
    void runningStep_outlastsTheGracePeriod_isInterruptedAndGoesBackUntouched() throws Exception {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        BackOps backOps = started(database.dataSource(), Duration.ofMillis(100), new Order.Steps() {
            @Override
            public void ship(String receipt, StepRun run) throws Exception {
                inStep.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    seen.set(e);
                    throw e;
                }
            }
        });
        Enqueued one = Order.client(backOps).enqueue(() -> Order.params(1));
        inStep.await();

        backOps.close();

        assertThat(seen.get()).isInstanceOf(InterruptedException.class);
        try (BackOps next = started(database.dataSource(), Duration.ZERO, new Order.Steps() {})) {
            assertThat(next.operations().failures(one.id())).isEmpty();
            // At once, and not only after the lease.
            assertThat(next.await(one.id(), Duration.ofSeconds(30))).isEqualTo(Status.COMPLETED);
            assertThat(next.operations().steps(one.id()))
                    .extracting(StepInfo::attempts)
                    .containsOnly(1);
            assertThat(new Sql(database.dataSource()).number("SELECT max(token) FROM backops.step"))
                    .isEqualTo(2);
        }
    }

    @Test
    void statementsOfTransactionalSteps_thatOutlastTheGracePeriod_areStopped() throws Exception {
        int steps = 8;
        CountDownLatch sleeping = new CountDownLatch(steps);
        OperationDefinition definition = OperationDefinition.named("close.sleep")
                .step(StepDefinition.named("sleep").timeout("PT1H").transactional());
        BackOps backOps = BackOps.builder(database.dataSource())
                .lease(Duration.ofSeconds(3))
                .gracePeriod(Duration.ZERO)
                .concurrency(steps)
                .build();
        backOps.register(OperationSteps.of(definition).transactionalStep("sleep", (values, run, handle) -> {
            sleeping.countDown();
            handle.select("SELECT pg_sleep(60)").mapTo(String.class).findOne();
            return StepResult.none();
        }));
        backOps.start();
        backOps.client(definition).enqueueAll(Collections.nCopies(steps, 1), number -> Values.none());
        sleeping.await();

        assertTakesAtMost(MORE, backOps::close);

        assertThat(unfinished()).hasSize(steps).containsOnly("ready 0 0");
        assertThat(workers()).isEmpty();
    }

    @Test
    void stepWithATimeLimit_leavesNoThreadBehind() throws Exception {
        OperationDefinition definition = OperationDefinition.named("close.limit")
                .step(StepDefinition.named("work").timeout("PT1H"));
        BackOps backOps = BackOps.builder(database.dataSource()).build();
        backOps.register(OperationSteps.of(definition).step("work", (values, run) -> StepResult.none()));
        backOps.start();
        backOps.await(backOps.client(definition).enqueue(Values::none).id(), LONG);

        backOps.close();

        assertThat(ourThreads()).isEmpty();
    }

    @Test
    void whatDidNotRun_goesBackUntouched() throws Exception {
        BackOps backOps = started(database.dataSource(), Duration.ofSeconds(20), new Order.Steps() {
            @Override
            public Order.Charge charge(long number, StepRun run) throws Exception {
                inStep.countDown();
                goOn.await();
                return new Order.Charge("r", null);
            }
        });
        Order.client(backOps).enqueueAll(LongStream.range(0, 100).boxed().toList(), Order::params);
        inStep.await();
        goOn.countDown();

        backOps.close();

        assertThat(unfinished()).isNotEmpty().containsOnly("ready 0 0");
        assertThat(workers()).isEmpty();
    }

    @Test
    void stepThatIgnoresItsInterrupt_doesNotHangCloseAndIsRescuedLater() throws Exception {
        BackOps backOps = started(database.dataSource(), Duration.ZERO, new Order.Steps() {
            @Override
            public void ship(String receipt, StepRun run) {
                inStep.countDown();
                uninterruptibly(goOn);
            }
        });
        Enqueued one = Order.client(backOps).enqueue(() -> Order.params(1));
        inStep.await();

        assertTakesAtMost(MORE, backOps::close);

        assertThat(workers()).hasSize(1);
        try (BackOps next = started(database.dataSource(), Duration.ZERO, new Order.Steps() {})) {
            assertThat(next.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);
            goOn.countDown();
            assertThat(next.operations().steps(one.id())).hasSize(3);
        }
        assertThat(workers()).isEmpty();
    }

    @Test
    void close_twiceOrWithoutStart_doesNothing() {
        BackOps backOps = BackOps.builder(database.dataSource()).build();
        backOps.close();
        backOps.close();

        BackOps other = started(database.dataSource(), Duration.ZERO, new Order.Steps() {});
        other.close();
        assertThatCode(other::close).doesNotThrowAnyException();
    }

    @Test
    void close_whileAnotherCloseWaits_waitsToo() throws Exception {
        BackOps backOps = waitingInShip(Duration.ofSeconds(20));
        CompletableFuture<?> first = inBackground(backOps::close);

        // Who closes the pool after this one must not close it under the other.
        CompletableFuture<?> second = inBackground(backOps::close);

        assertThatThrownBy(() -> second.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        goOn.countDown();
        second.get(60, TimeUnit.SECONDS);
        first.get(60, TimeUnit.SECONDS);
        assertThat(workers()).isEmpty();
    }

    @Test
    void closingThread_interrupted_endsTheGracePeriodButStopsEverything() throws Exception {
        BackOps backOps = waitingInShip(Duration.ofHours(1));
        AtomicReference<Thread> closing = new AtomicReference<>();
        CompletableFuture<Boolean> closed = CompletableFuture.supplyAsync(
                () -> {
                    closing.set(Thread.currentThread());
                    backOps.close();
                    return Thread.interrupted();
                },
                task -> new Thread(task).start());
        await().atMost(LONG).until(() -> closing.get() != null);

        Objects.requireNonNull(closing.get()).interrupt();

        assertThat(closed.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(workers()).isEmpty();
        assertThat(unfinished()).containsExactly("ready 0 0");
        assertThat(ourThreads()).isEmpty();
    }

    @Test
    void close_calledByAStep_letsTheStepEndAndStopsEverything() throws Exception {
        AtomicReference<BackOps> self = new AtomicReference<>();
        BackOps backOps = started(database.dataSource(), Duration.ofSeconds(20), new Order.Steps() {
            @Override
            public void ship(String receipt, StepRun run) {
                Objects.requireNonNull(self.get()).close();
            }
        });
        self.set(backOps);
        Order.client(backOps).enqueue(() -> Order.params(1));

        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            assertThat(ourThreads()).isEmpty();
            assertThat(new Sql(database.dataSource()).texts("SELECT next_step FROM backops.operation"))
                    .containsExactly("thank");
        });
        assertThat(unfinished()).containsExactly("ready 0 0");
        assertThat(workers()).isEmpty();
        assertThatThrownBy(() -> Order.client(backOps)).isInstanceOf(ClosedException.class);
    }

    @Test
    void close_whileTheDatabaseRefuses_returnsInTime() throws Exception {
        try (TcpProxy network = TcpProxy.before(database.jdbcUrl());
                HikariDataSource pool = pool(network.dataSource())) {
            BackOps backOps = started(pool, Duration.ofSeconds(1), endlessShip());
            Enqueued one = Order.client(backOps).enqueue(() -> Order.params(1));
            inStep.await();
            network.refuse();

            assertTakesAtMost(MORE, backOps::close);
            network.accommodate();

            try (BackOps next = started(database.dataSource(), Duration.ZERO, new Order.Steps() {})) {
                assertThat(next.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);
            }
        }
    }

    @Test
    void close_whileTheDatabaseIsSilent_returnsInTime() throws Exception {
        try (TcpProxy network = TcpProxy.before(database.jdbcUrl());
                HikariDataSource pool = pool(network.dataSource())) {
            BackOps backOps = started(pool, Duration.ofSeconds(1), endlessShip());
            Order.client(backOps).enqueue(() -> Order.params(1));
            inStep.await();
            network.freeze();

            assertTakesAtMost(MORE, backOps::close);
            network.thaw();
        }
    }

    @Test
    void startAndClose_manyTimes_leaveNothingBehind() throws Exception {
        HikariDataSource pool = database.dataSource();
        for (int times = 0; times < 20; times++) {
            try (BackOps backOps = started(pool, Duration.ofSeconds(20), new Order.Steps() {})) {
                Enqueued one = Order.client(backOps).enqueue(() -> Order.params(1));
                assertThat(backOps.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);
            }
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
        assertThat(workers()).isEmpty();
        // A pool says that it has ended a moment before the last of its threads has.
        await().atMost(LONG).untilAsserted(() -> assertThat(ourThreads()).isEmpty());
    }

    private BackOps waitingInShip(Duration gracePeriod) throws InterruptedException {
        BackOps backOps = started(database.dataSource(), gracePeriod, endlessShip());
        Order.client(backOps).enqueue(() -> Order.params(1));
        inStep.await();
        return backOps;
    }

    private Order.Steps endlessShip() {
        return new Order.Steps() {
            @Override
            public void ship(String receipt, StepRun run) throws Exception {
                inStep.countDown();
                goOn.await();
            }
        };
    }

    private static HikariDataSource pool(DataSource dataSource) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(dataSource);
        config.setConnectionTimeout(6_000);
        return new HikariDataSource(config);
    }

    private static BackOps started(DataSource dataSource, Duration gracePeriod, Order.Steps steps) {
        BackOps backOps = BackOps.builder(dataSource)
                .lease(Duration.ofSeconds(3))
                .gracePeriod(gracePeriod)
                .concurrency(4)
                .build();
        backOps.register(Order.steps(steps));
        backOps.start();
        return backOps;
    }

    private List<String> workers() {
        return new Sql(database.dataSource()).texts("SELECT id FROM backops.worker");
    }

    private List<String> unfinished() {
        return new Sql(database.dataSource())
                .texts("SELECT state || ' ' || attempts || ' ' || crashes FROM backops.work ORDER BY operation_id");
    }

    private static List<String> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("backops-"))
                .toList();
    }

    private static CompletableFuture<?> inBackground(Runnable task) {
        return CompletableFuture.runAsync(task, runnable -> new Thread(runnable).start());
    }

    private static void assertTakesAtMost(Duration limit, Runnable task) throws Exception {
        inBackground(task).get(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void uninterruptibly(CountDownLatch latch) {
        boolean over = false;
        while (!over) {
            try {
                latch.await();
                over = true;
            } catch (InterruptedException e) {
                // That is what it is about.
            }
        }
    }
}
