package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backops.codegen.RetryPolicy;
import dev.backops.testkit.Interceptor;
import dev.backops.testkit.Order;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A worker that polls once in five minutes starts at once what others make ready, since it listens. */
class WakeUpTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private final AtomicBoolean failing = new AtomicBoolean();
    private BackOps worker;
    private BackOps elsewhere;
    private Sql sql;

    @BeforeEach
    void open() {
        worker = BackOps.builder(database.dataSource())
                .pollInterval(Duration.ofMinutes(1))
                .build();
        worker.register(Order.steps(Order.definition(RetryPolicy.of(1, "PT1S", 1, "PT1S", 0)), new Order.Steps() {
            @Override
            public void ship(String receipt, StepRun run) {
                if (failing.get()) {
                    throw new IllegalStateException("Out of stock");
                }
            }
        }));
        elsewhere = BackOps.builder(database.dataSource()).build();
        sql = new Sql(database.dataSource());
        worker.start();
        awaitIdle();
    }

    @AfterEach
    void close() {
        worker.close();
        elsewhere.close();
    }

    @Test
    void enqueue_wakesAnIdleProcess() throws Exception {
        Enqueued one = Order.client(elsewhere).enqueue(() -> Order.params(1));

        assertThat(elsewhere.await(one.id(), SOON)).isEqualTo(Status.COMPLETED);
    }

    @Test
    void enqueueInTheCallersTransaction_wakesAnIdleProcessAfterTheCommit() throws Exception {
        Enqueued one = database.jdbi()
                .inTransaction(handle -> Order.client(elsewhere).in(handle).enqueue(() -> Order.params(1)));

        assertThat(elsewhere.await(one.id(), SOON)).isEqualTo(Status.COMPLETED);
    }

    @Test
    void delayedEnqueue_isKnownToAnIdleProcessInTime() throws Exception {
        Enqueued one = Order.client(elsewhere).after(Duration.ofMillis(500)).enqueue(() -> Order.params(1));

        assertThat(elsewhere.await(one.id(), SOON)).isEqualTo(Status.COMPLETED);
    }

    @Test
    void repairInSql_wakesAnIdleProcess() throws Exception {
        failing.set(true);
        Enqueued one = Order.client(elsewhere).enqueue(() -> Order.params(1));
        assertThat(elsewhere.await(one.id(), SOON)).isEqualTo(Status.FAILED);
        failing.set(false);
        awaitIdle();

        sql.texts("SELECT backops.resume(?)", one.id());

        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(elsewhere.operations().status(one.id())).contains(Status.COMPLETED));
    }

    @Test
    void lostConnection_isReplaced_andWhatCameMeanwhileIsFound() throws Exception {
        assertThat(sql.number("""
                SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE datname = current_database() AND query LIKE 'LISTEN%'
                """)).isEqualTo(1);

        Enqueued one = Order.client(elsewhere).enqueue(() -> Order.params(1));

        assertThat(elsewhere.await(one.id(), SOON)).isEqualTo(Status.COMPLETED);
    }

    @Test
    void idleProcess_costsLessThanATransactionPerSecond() {
        worker.close();
        Interceptor listening = new Interceptor(database.dataSource());
        Interceptor polling = new Interceptor(database.dataSource());
        try (BackOps listener = BackOps.builder(listening.dataSource()).build();
                BackOps poller = BackOps.builder(polling.dataSource())
                        .schema("polling")
                        .transactionPooling(true)
                        .build()) {
            listener.register(Order.steps(new Order.Steps() {})).start();
            poller.register(Order.steps(new Order.Steps() {})).start();
            awaitIdle();
            // Until the waits between two looks have grown.
            await().pollDelay(Duration.ofSeconds(7)).until(() -> true);
            long listened = listening.transactions();
            long polled = polling.transactions();
            await().pollDelay(Duration.ofSeconds(20))
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> true);

            assertThat(listening.transactions() - listened).isBetween(4L, 19L);
            assertThat(polling.transactions() - polled).isBetween(4L, 19L);
        }
    }

    private void awaitIdle() {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(sql.number("SELECT count(*) FROM backops.worker WHERE idle"))
                        .isEqualTo(1));
    }
}
