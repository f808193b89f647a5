package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.backops.codegen.OperationClient;
import dev.backops.codegen.Values;
import dev.backops.testkit.Order;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.HashPrefixSqlParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EnqueueTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    @Test
    void inAHandle_livesAndDiesWithTheTransaction() {
        try (BackOps backOps = open()) {
            Jdbi theirs = database.jdbi();
            // What users configure on their Jdbi must not reach our statements.
            theirs.setSqlParser(new HashPrefixSqlParser());
            OperationClient orders = Order.client(backOps);

            Enqueued kept = theirs.inTransaction(handle -> {
                Enqueued one = orders.in(handle).enqueue(() -> Order.params(1));
                assertThat(backOps.operations().status(one.id())).isEmpty();
                return one;
            });
            try (Handle handle = theirs.open()) {
                handle.begin();
                orders.in(handle).enqueue(() -> Order.params(2));
                orders.in(handle).key("k").enqueue(() -> Order.params(3));
                handle.rollback();
            }

            assertThat(backOps.operations().list(Search.all()))
                    .extracting(OperationInfo::id)
                    .containsExactly(kept.id());
            assertThat(count("work")).isEqualTo(1);
        }
    }

    @Test
    void inAHandleWithoutATransaction_isRefused() {
        try (BackOps backOps = open();
                Handle handle = database.jdbi().open()) {
            assertThatThrownBy(() -> Order.client(backOps).in(handle).enqueue(() -> Order.params(1)))
                    .isInstanceOf(TransactionRequiredException.class)
                    .hasMessageContaining("The handle for orders.order has no transaction open")
                    .hasMessageContaining("jdbi.useTransaction");
            assertThat(count("operation")).isZero();
        }
    }

    @Test
    void poolWithoutAutoCommitAndWithStrictIsolation_worksToo() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.direct());
        config.setAutoCommit(false);
        config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
        try (HikariDataSource pool = new HikariDataSource(config);
                BackOps backOps = BackOps.builder(pool).build()) {
            backOps.register(Order.steps(new Order.Steps() {})).start();
            OperationClient orders = Order.client(backOps);
            assertThat(backOps.await(orders.enqueue(() -> Order.params(1)).id(), LONG))
                    .isEqualTo(Status.COMPLETED);
            assertThat(orders.key("k").enqueue(() -> Order.params(2)).added()).isTrue();
            assertThat(orders.key("k").enqueue(() -> Order.params(2)).added()).isFalse();
        }
    }

    @Test
    void bulk_writesAllInOrder() {
        try (BackOps backOps = open()) {
            List<Enqueued> all = Order.client(backOps)
                    .enqueueAll(LongStream.range(0, 2_500).boxed().toList(), Order::params);

            assertThat(all).hasSize(2_500).allMatch(Enqueued::added);
            assertThat(all).extracting(Enqueued::id).isSorted();
            assertThat(backOps.operations()
                            .find(all.get(2_345).id())
                            .orElseThrow()
                            .context())
                    .containsEntry("number", 2_345);
            assertThat(count("work")).isEqualTo(2_500);
        }
    }

    @Test
    void bulkWithOneBadRow_writesNothing() {
        try (BackOps backOps = open()) {
            assertThatThrownBy(() -> Order.client(backOps).enqueueAll(List.of(1L, 2L, 3L), number -> {
                        if (number == 3) {
                            throw new IllegalArgumentException("number must be small");
                        }
                        return Order.params(number);
                    }))
                    .isInstanceOf(InvalidParamsException.class)
                    .hasMessage("The params of orders.order were refused: number must be small");
            assertThat(count("operation")).isZero();
        }
    }

    @Test
    void key_addsOnceAndRefusesOtherParams() {
        try (BackOps backOps = open()) {
            OperationClient keyed = Order.client(backOps).key("order-1");
            Enqueued first = keyed.enqueue(() -> Order.params(1));

            assertThat(first.added()).isTrue();
            assertThat(keyed.enqueue(() -> Order.params(1))).isEqualTo(new Enqueued(first.id(), false));
            assertThatThrownBy(() -> keyed.enqueue(() -> Order.params(2)))
                    .isInstanceOf(KeyConflictException.class)
                    .hasMessage(
                            "Operation " + first.id()
                                    + " of orders.order has the same key, but other params. Use another key, or the same params.");
            assertThat(count("operation")).isEqualTo(1);
            assertThat(count("work")).isEqualTo(1);
        }
    }

    @Test
    void key_byManyAtOnce_addsOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(12);
        try (BackOps backOps = open()) {
            Callable<Enqueued> enqueue = () -> Order.client(backOps).key("same").enqueue(() -> Order.params(1));
            List<Enqueued> all = new ArrayList<>();
            for (Future<Enqueued> one : threads.invokeAll(Collections.nCopies(48, enqueue))) {
                all.add(one.get());
            }
            assertThat(all).filteredOn(Enqueued::added).hasSize(1);
            assertThat(all).extracting(Enqueued::id).containsOnly(all.get(0).id());
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void textThatCannotBeStored_isRefusedByItsName() {
        try (BackOps backOps = open()) {
            OperationClient orders = Order.client(backOps);

            assertThatThrownBy(() -> orders.enqueue(() -> Order.params(1).and(Order.CUSTOMER, "se\0cret")))
                    .isInstanceOf(InvalidParamsException.class)
                    .hasMessageContaining("\"customer\" contains the character U+0000 at index 2")
                    .hasMessageNotContaining("cret");
            assertThatThrownBy(() -> orders.enqueue(() -> Order.params(1).and(Order.CUSTOMER, "x\uD800")))
                    .isInstanceOf(InvalidParamsException.class)
                    .hasMessageContaining("\"customer\" contains half a surrogate pair");
            assertThatThrownBy(() -> orders.enqueue(() -> Values.of(Order.NUMBER, null)))
                    .isInstanceOf(InvalidParamsException.class)
                    .hasMessageContaining("\"number\" is null");
            assertThatThrownBy(() -> orders.key("a\0b")).isInstanceOf(IllegalArgumentException.class);
            assertThat(count("operation")).isZero();
        }
    }

    @Test
    void afterAndAt_waitForTheirTime() {
        try (BackOps backOps = open()) {
            OperationClient orders = Order.client(backOps);
            long after = orders.after(Duration.ofHours(1))
                    .enqueue(() -> Order.params(1))
                    .id();
            Instant time = Instant.parse("2999-01-01T00:00:00Z");
            long at = orders.at(time).enqueue(() -> Order.params(2)).id();
            long past = orders.at(Instant.EPOCH).enqueue(() -> Order.params(3)).id();

            assertThat(backOps.operations().status(after)).contains(Status.SCHEDULED);
            assertThat(backOps.operations().find(at).orElseThrow().runAt()).isEqualTo(time);
            assertThat(backOps.operations().status(past)).contains(Status.READY);
            assertThatThrownBy(() -> orders.after(Duration.ofSeconds(-1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("A delay must be from zero to 1,000 years, but is PT-1S");
        }
    }

    @Test
    void find_searchesByStatusParamAndPage() {
        try (BackOps backOps = open()) {
            OperationClient orders = Order.client(backOps);
            orders.enqueueAll(LongStream.range(0, 30).boxed().toList(), Order::params);
            long ann = orders.enqueue(() -> Order.params(7).and(Order.CUSTOMER, "ann"))
                    .id();

            assertThat(orders.find(Search.of(Status.READY), values -> values.get(Order.NUMBER))
                            .where(Order.NUMBER, 7L)
                            .list())
                    .extracting(OperationInfo::context)
                    .containsExactly(7L, 7L);
            assertThat(orders.find(Search.all(), values -> values)
                            .where(Order.CUSTOMER, "ann")
                            .first())
                    .get()
                    .extracting(OperationInfo::id)
                    .isEqualTo(ann);
            assertThat(orders.find(Search.all(), values -> values)
                            .where(Order.NUMBER, 7L)
                            .where(Order.CUSTOMER, null)
                            .count())
                    .isEqualTo(1);
            assertThat(orders.find(Search.of(Status.COMPLETED, Status.FAILED), values -> values)
                            .count())
                    .isZero();
            Search page = Search.all().limit(20);
            List<OperationInfo<Map<String, Object>>> first =
                    backOps.operations().list(page);
            List<OperationInfo<Map<String, Object>>> second =
                    backOps.operations().list(page.before(first.get(19).id()));
            assertThat(first).hasSize(20);
            assertThat(second).hasSize(11);
            assertThat(first.get(0).id()).isGreaterThan(second.get(10).id());
        }
    }

    @Test
    void gemsQuestion_answersFromTheView() throws Exception {
        try (BackOps backOps = open()) {
            backOps.register(Order.steps(new Order.Steps() {})).start();
            long id = Order.client(backOps).enqueue(() -> Order.params(42)).id();
            backOps.await(id, LONG);

            assertThat(database.jdbi()
                            .<List<Long>, RuntimeException>withHandle(handle ->
                                    handle.createQuery("""
                            SELECT id FROM backops.operations
                            WHERE name = 'orders.order' AND context @> '{"number": 42, "receipt": "receipt-42"}'
                            """).mapTo(Long.class).list()))
                    .containsExactly(id);
        }
    }

    private BackOps open() {
        return BackOps.builder(database.dataSource()).build();
    }

    private long count(String table) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM backops." + table)
                        .mapTo(Long.class)
                        .one());
    }
}
