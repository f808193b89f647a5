package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.backops.annotation.Priority;
import dev.backops.codegen.OperationClient;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.Values;
import dev.backops.testkit.Order;
import dev.backops.testkit.Sql;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

/** What many threads enqueue while one of them writes is written together behind it. */
class SharedEnqueueTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private final Tables tables = new Tables(database);
    private final List<Thread> threads = new ArrayList<>();
    private Sql sql;

    @BeforeEach
    void open() {
        sql = new Sql(database.dataSource());
    }

    @Test
    void thoseWhoCameMeanwhile_shareOneCommit_andEachGetsItsOwn() throws Exception {
        OperationDefinition other = OperationDefinition.named("orders.other")
                .params(Order.NUMBER)
                .queue("elsewhere")
                .step(StepDefinition.named("only").delay("PT2H"));
        Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            OperationClient orders = Order.client(backOps);
            OperationClient others = backOps.client(other);
            List<FutureTask<Enqueued>> tasks = new ArrayList<>();
            try (Handle lock = lockedTable()) {
                tasks.add(writer(lock, () -> orders.enqueue(() -> Order.params(0))));
                for (int i = 1; i <= 20; i++) {
                    int number = i;
                    OperationClient plain = i % 2 == 0 ? orders : others;
                    OperationClient client = i % 5 == 0 ? plain.at(tomorrow).priority(Priority.LOW) : plain;
                    tasks.add(waiting(() -> client.enqueue(() -> Values.of(Order.NUMBER, (long) number))));
                }
                lock.commit();
            }

            for (int i = 0; i <= 20; i++) {
                long id = tasks.get(i).get(60, TimeUnit.SECONDS).id();
                OperationInfo<?> info = backOps.operations().find(id).orElseThrow();
                boolean isOther = i % 2 == 1;
                assertThat(info.context()).hasToString("{number=" + i + "}");
                assertThat(info.name()).isEqualTo(isOther ? "orders.other" : "orders.order");
                boolean isLate = i > 0 && i % 5 == 0;
                assertThat(sql.text(
                                "SELECT concat_ws(' ', queue, priority, state,"
                                        + " run_at > now() + interval '1 hour', run_at > now() + interval '3 hours')"
                                        + " FROM backops.work WHERE operation_id = ?",
                                id))
                        .isEqualTo((isOther ? "elsewhere " : "default ")
                                + (isLate ? Priority.LOW : Priority.NORMAL).rank()
                                + (isLate ? " scheduled t t" : isOther ? " scheduled t f" : " ready f f"));
            }
        }
        assertThat(sql.texts("SELECT count(*)::text FROM backops.operation GROUP BY xmin::text ORDER BY 1"))
                .containsExactly("1", "20");
    }

    @Test
    void oneThatIsRefused_harmsNoOther() throws Exception {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            OperationClient orders = Order.client(backOps);
            sql.execute("ALTER TABLE backops.operation ADD CHECK (params ->> 'number' <> '13')");
            List<FutureTask<Enqueued>> tasks = new ArrayList<>();
            try (Handle lock = lockedTable()) {
                tasks.add(writer(lock, () -> orders.enqueue(() -> Order.params(0))));
                for (int number : List.of(12, 13, 14)) {
                    tasks.add(waiting(() -> orders.enqueue(() -> Order.params(number))));
                }
                lock.commit();
            }

            assertThat(tasks.get(1).get(60, TimeUnit.SECONDS).added()).isTrue();
            assertThatThrownBy(() -> tasks.get(2).get(60, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(InvalidParamsException.class)
                    .hasMessageContaining("23514");
            assertThat(tasks.get(3).get(60, TimeUnit.SECONDS).added()).isTrue();
        }
        assertThat(sql.texts("SELECT params ->> 'number' FROM backops.operation ORDER BY id"))
                .containsExactly("0", "12", "14");
    }

    @Test
    void interruptOfOneThatWaits_isKeptForItsCaller() throws Exception {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            OperationClient orders = Order.client(backOps);
            FutureTask<Enqueued> writer;
            FutureTask<Boolean> waiting;
            try (Handle lock = lockedTable()) {
                writer = writer(lock, () -> orders.enqueue(() -> Order.params(0)));
                waiting = waiting(() -> {
                    orders.enqueue(() -> Order.params(1));
                    return Thread.currentThread().isInterrupted();
                });
                threads.get(1).interrupt();
                lock.commit();
            }

            assertThat(writer.get(60, TimeUnit.SECONDS).added()).isTrue();
            assertThat(waiting.get(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(sql.number("SELECT count(*) FROM backops.operation")).isEqualTo(2);
    }

    @Test
    void interruptOfOneThatGetsNoConnection_leavesTheOthersAlone() throws Exception {
        EmptyPool pool = new EmptyPool(database.jdbcUrl());
        try (BackOps backOps = BackOps.builder(pool).build()) {
            OperationClient orders = Order.client(backOps);
            FutureTask<Enqueued> first;
            FutureTask<Enqueued> interrupted;
            FutureTask<Enqueued> other;
            try (Handle lock = lockedTable()) {
                first = writer(lock, () -> orders.enqueue(() -> Order.params(0)));
                interrupted = waiting(() -> orders.enqueue(() -> Order.params(1)));
                other = waiting(() -> orders.enqueue(() -> Order.params(2)));
                pool.emptyFor = threads.get(1);
                lock.commit();
            }
            assertThat(pool.asked.await(60, TimeUnit.SECONDS)).isTrue();
            threads.get(1).interrupt();

            assertThatThrownBy(() -> interrupted.get(60, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(EnqueueException.class);
            assertThat(first.get(60, TimeUnit.SECONDS).added()).isTrue();
            assertThat(other.get(60, TimeUnit.SECONDS).added()).isTrue();
        }
        assertThat(sql.texts("SELECT params ->> 'number' FROM backops.operation ORDER BY 1"))
                .containsExactly("0", "2");
    }

    @Test
    void commit_isOnDisk_thoughThePoolDoesNotWaitForIt() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.direct());
        config.setConnectionInitSql("SET synchronous_commit = off");
        try (HikariDataSource pool = new HikariDataSource(config);
                BackOps backOps = BackOps.builder(pool).build();
                Handle watcher = tables.open()) {
            OperationClient orders = Order.client(backOps);

            // What is not waited for is written within a fifth of a second all the same: often enough is proof.
            for (int i = 0; i < 20; i++) {
                orders.enqueue(() -> Order.params(1));
                assertThat(watcher.select("SELECT pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn()")
                                .mapTo(Boolean.class)
                                .one())
                        .isTrue();
            }
        }
    }

    /** A transaction in whose way every enqueue is, until its commit. */
    private Handle lockedTable() {
        Handle lock = tables.open();
        lock.begin();
        lock.execute("LOCK TABLE backops.operation IN ACCESS EXCLUSIVE MODE");
        return lock;
    }

    /** Starts a thread, and waits until it waits for the database. */
    private <T> FutureTask<T> writer(Handle lock, Callable<T> task) {
        FutureTask<T> started = started(task);
        tables.awaitBlockedBy(lock);
        return started;
    }

    /** Starts a thread, and waits until it waits for another thread. */
    private <T> FutureTask<T> waiting(Callable<T> task) {
        FutureTask<T> started = started(task);
        Thread thread = threads.get(threads.size() - 1);
        await().atMost(LONG).pollInterval(Duration.ofMillis(1)).until(() -> thread.getState() == Thread.State.WAITING);
        return started;
    }

    private <T> FutureTask<T> started(Callable<T> task) {
        FutureTask<T> started = new FutureTask<>(task);
        Thread thread = new Thread(started);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return started;
    }

    /** Connections for which one thread waits until it is interrupted. */
    @SuppressWarnings("serial")
    private static final class EmptyPool extends PGSimpleDataSource {

        private final CountDownLatch asked = new CountDownLatch(1);
        private volatile @Nullable Thread emptyFor;

        EmptyPool(String url) {
            setUrl(url);
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (Thread.currentThread().equals(emptyFor)) {
                asked.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new SQLException("interrupted", e);
                }
            }
            return super.getConnection();
        }
    }
}
