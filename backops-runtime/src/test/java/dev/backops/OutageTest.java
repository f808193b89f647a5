package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.backops.embedded.EmbeddedDatabase;
import dev.backops.testkit.Ledger;
import dev.backops.testkit.Order;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TcpProxy;
import dev.backops.testkit.TcpProxy.Fault;
import dev.backops.testkit.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class OutageTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    /** The steps write here, out of harm's way. */
    @RegisterExtension
    final TestDatabase elsewhere = new TestDatabase();

    private TcpProxy network;
    private Ledger ledger;

    @BeforeEach
    void open() {
        network = TcpProxy.before(database.jdbcUrl());
        ledger = new Ledger(elsewhere.dataSource(), database.dataSource()).create();
    }

    @AfterEach
    void close() throws Exception {
        network.close();
    }

    @Test
    void journal_answerLost_stepIsNeitherRepeatedNorFailed() throws Exception {
        try (BackOps backOps = started(network.dataSource())) {
            Fault lost = network.loseAnswerTo("INSERT INTO backops.step");
            Enqueued one = Order.client(backOps).enqueue(() -> Order.params(1));
            lost.await();

            assertThat(backOps.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);
        }
        assertEachStepRanOnce();
    }

    @Test
    void journal_answerToLastStepLost_operationIsCompleted() throws Exception {
        try (BackOps backOps = started(network.dataSource())) {
            Fault lost = network.loseAnswerTo(
                    "INSERT INTO backops.step", "INSERT INTO backops.step", "INSERT INTO backops.step");
            Enqueued one = Order.client(backOps).enqueue(() -> Order.params(1));
            lost.await();

            assertThat(backOps.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);
        }
        assertEachStepRanOnce();
    }

    @Test
    void journal_answerToFailureLost_countsOneAttempt() throws Exception {
        try (BackOps backOps = open(network.dataSource(), new Order.Steps() {
            @Override
            public void ship(String receipt, StepRun run) {
                throw new StepAbortedException("no van");
            }
        })) {
            Fault lost = network.loseAnswerTo("INSERT INTO backops.failure");
            Enqueued one = Order.client(backOps).enqueue(() -> Order.params(1));
            lost.await();

            assertThat(backOps.await(one.id(), LONG)).isEqualTo(Status.FAILED);
            assertThat(backOps.operations().failures(one.id())).hasSize(1);
        }
    }

    @Test
    void claim_answerToCommitLost_operationIsGivenBackAndClaimedAgain() throws Exception {
        try (BackOps backOps = started(network.dataSource())) {
            Fault lost = network.loseAnswerTo("FOR KEY SHARE", "WHERE id = ANY", "COMMIT");
            Enqueued one = Order.client(backOps).enqueue(() -> Order.params(1));
            lost.await();

            assertThat(backOps.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);
        }
        assertEachStepRanOnce();
    }

    @Test
    void enqueue_answerLost_saysThatItMayHaveHappened() throws Exception {
        try (BackOps backOps = BackOps.builder(network.dataSource()).build()) {
            Order.client(backOps);
            network.loseAnswerTo("WITH new AS MATERIALIZED");

            assertThatThrownBy(() -> Order.client(backOps).enqueue(() -> Order.params(1)))
                    .isInstanceOf(EnqueueException.class)
                    .hasMessageContaining("orders.order")
                    .hasMessageContaining("may have been");

            assertThat(backOps.operations().list(Search.all())).hasSize(1);
        }
    }

    @Test
    void enqueueWithKey_answerToCommitLost_isSafeToRepeat() throws Exception {
        try (BackOps backOps = BackOps.builder(network.dataSource()).build()) {
            Order.client(backOps);
            network.loseAnswerTo("WITH new AS MATERIALIZED", "COMMIT");
            assertThatThrownBy(() -> Order.client(backOps).key("k").enqueue(() -> Order.params(1)))
                    .isInstanceOf(EnqueueException.class)
                    .hasMessageContaining("with a key it is safe to enqueue again");

            Enqueued again = Order.client(backOps).key("k").enqueue(() -> Order.params(1));

            assertThat(again.added()).isFalse();
            assertThat(backOps.operations().list(Search.all()))
                    .extracting(OperationInfo::id)
                    .containsExactly(again.id());
        }
    }

    @Test
    void everyConnection_terminatedAgainAndAgain_workerCarriesOn() throws Exception {
        try (BackOps backOps = started(database.dataSource())) {
            ledger.watchCrashes();
            underLoad(backOps, 300, () -> new Sql(database.direct()).texts("""
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                    """));
        }
        assertEachStepRanOnce();
        assertThat(ledger.crashes()).isEmpty();
    }

    @Test
    void everyConnection_resetAgainAndAgain_workerCarriesOn() throws Exception {
        try (BackOps backOps = started(network.dataSource())) {
            ledger.watchCrashes();
            underLoad(backOps, 300, network::reset);
        }
        assertEachStepRanOnce();
        assertThat(ledger.crashes()).isEmpty();
    }

    @Test
    void database_awayLongerThanTheLease_workersCarryOnAndNoneIsBuried() throws Exception {
        try (BackOps one = started(network.dataSource());
                BackOps other = started(network.dataSource())) {
            ledger.watchCrashes();
            Order.client(one).enqueueAll(LongStream.range(0, 300).boxed().toList(), Order::params);
            await().atMost(LONG).until(() -> ledger.completed() > 0);
            network.refuse();
            long running = ledger.calls();
            await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
            // No step starts without its predecessor's record: at most one more of each order.
            assertThat(ledger.calls() - running).isLessThanOrEqualTo(300);
            network.accommodate();

            await().atMost(LONG).until(() -> ledger.completed() == 300);
            assertThat(other.operations().list(Search.of(Status.RUNNING))).isEmpty();
        }
        assertEachStepRanOnce();
        assertThat(ledger.crashes()).isEmpty();
    }

    @Test
    void connections_silentForGood_areReplaced() throws Exception {
        try (BackOps backOps = started(network.dataSource())) {
            Enqueued one = Order.client(backOps).enqueue(() -> Order.params(1));
            assertThat(backOps.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);
            network.abandon();

            Enqueued other = Order.client(backOps).enqueue(() -> Order.params(2));

            assertThat(backOps.await(other.id(), LONG)).isEqualTo(Status.COMPLETED);
        }
    }

    @Test
    void pool_usedUpBySteps_workerIsNotTakenForDead() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.direct());
        config.setMaximumPoolSize(6);
        // Steps wait for each other's connections.
        config.setConnectionTimeout(Duration.ofMinutes(3).toMillis());
        try (HikariDataSource small = new HikariDataSource(config);
                BackOps other = started(database.dataSource());
                BackOps backOps = open(small, new Order.Steps() {
                    @Override
                    public void ship(String receipt, StepRun run) throws Exception {
                        try (Connection mine = small.getConnection();
                                Statement statement = mine.createStatement()) {
                            statement.execute("SELECT pg_sleep(5)");
                        }
                    }
                })) {
            ledger.watchCrashes();
            List<Enqueued> some = Order.client(other)
                    .enqueueAll(LongStream.range(0, 20).boxed().toList(), Order::params);
            for (Enqueued one : some) {
                assertThat(other.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);
            }
            assertThat(backOps.operations().list(Search.of(Status.RUNNING))).isEmpty();
        }
        assertThat(ledger.crashes()).isEmpty();
        assertThat(ledger.failedAttempts()).isEmpty();
    }

    @Test
    void network_slow_stepsRunOnce() throws Exception {
        try (BackOps backOps = started(network.dataSource())) {
            network.delay(Duration.ofMillis(20));
            Order.client(backOps).enqueueAll(LongStream.range(0, 50).boxed().toList(), Order::params);
            await().atMost(LONG).until(() -> ledger.completed() == 50);
        }
        assertEachStepRanOnce();
    }

    @SuppressWarnings("try") // The other worker only has to be there.
    @Test
    void worker_cutOffInTheMiddleOfAClaim_isRescuedByAnother() throws Exception {
        try (BackOps enqueuer = BackOps.builder(database.dataSource()).build();
                BackOps cutOff = started(network.dataSource());
                BackOps other = started(database.dataSource())) {
            Fault freeze = network.freezeAt("FOR KEY SHARE", "WHERE id = ANY", "COMMIT");
            Enqueued enqueued;
            do {
                // Until the one that is to be cut off is the one that claims.
                enqueued = Order.client(enqueuer).enqueue(() -> Order.params(1));
                assertThat(enqueuer.await(enqueued.id(), LONG)).isEqualTo(Status.COMPLETED);
            } while (!freeze.happened());
            network.thaw();
            assertThat(cutOff.operations().status(enqueued.id())).contains(Status.COMPLETED);
        }
        assertThat(ledger.misrecorded()).isEmpty();
    }

    @SuppressWarnings("try") // Closed before the second database is.
    @Test
    void server_restartedUnderLoad_workerCarriesOn(@TempDir Path directory) throws Exception {
        EmbeddedDatabase first = EmbeddedDatabase.at(directory).start();
        int port = first.port();
        HikariConfig config = new HikariConfig();
        config.setDataSource(first.dataSource());
        try (HikariDataSource pool = new HikariDataSource(config)) {
            ledger = new Ledger(elsewhere.dataSource(), pool);
            try (BackOps backOps = started(pool)) {
                ledger.watchCrashes();
                Order.client(backOps)
                        .enqueueAll(LongStream.range(0, 500).boxed().toList(), Order::params);
                await().atMost(LONG).until(() -> ledger.completed() > 50);
                first.close();
                try (EmbeddedDatabase second =
                        EmbeddedDatabase.at(directory).port(port).start()) {
                    await().atMost(LONG).ignoreExceptions().until(() -> ledger.completed() == 500);
                    assertEachStepRanOnce();
                    assertThat(ledger.crashes()).isEmpty();
                    backOps.close();
                    assertThat(new Sql(second.dataSource()).texts("SELECT pid FROM backops.worker"))
                            .isEmpty();
                }
            }
        } finally {
            first.close();
        }
    }

    /** Does harm five times while orders run, and waits until they are completed. */
    private void underLoad(BackOps backOps, int orders, Runnable harm) {
        Order.client(backOps).enqueueAll(LongStream.range(0, orders).boxed().toList(), Order::params);
        for (int times = 1; times <= 5; times++) {
            long calls = (long) times * orders / 3;
            await().atMost(LONG)
                    .pollInterval(Duration.ofMillis(2))
                    .ignoreExceptions()
                    .until(() -> ledger.calls() >= calls);
            harm.run();
        }
        await().atMost(LONG).ignoreExceptions().until(() -> ledger.completed() == orders);
    }

    private void assertEachStepRanOnce() {
        assertThat(ledger.misrecorded()).isEmpty();
        assertThat(ledger.calledAgain()).isEmpty();
        assertThat(ledger.failedAttempts()).isEmpty();
    }

    private BackOps started(DataSource dataSource) {
        return open(dataSource, ledger.steps(Duration.ofMillis(10)));
    }

    private static BackOps open(DataSource dataSource, Order.Steps steps) {
        BackOps backOps = BackOps.builder(dataSource)
                .lease(Duration.ofSeconds(3))
                .pollInterval(Duration.ofMillis(100))
                .gracePeriod(Duration.ofSeconds(2))
                .build();
        backOps.register(Order.steps(steps));
        backOps.start();
        return backOps;
    }
}
