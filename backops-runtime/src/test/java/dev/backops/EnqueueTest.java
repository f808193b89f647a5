package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.backops.annotation.Priority;
import dev.backops.codegen.Field;
import dev.backops.codegen.OperationClient;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Types;
import dev.backops.codegen.Values;
import dev.backops.testkit.Order;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TestDatabase;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.HashPrefixSqlParser;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.transaction.SerializableTransactionRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnqueueTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private BackOps backOps;
    private Sql sql;

    @BeforeEach
    void open() {
        backOps = BackOps.builder(database.dataSource()).build();
        sql = new Sql(database.dataSource());
    }

    @AfterEach
    void close() {
        backOps.close();
    }

    // In whose transaction

    @Test
    void alone_isThereAtOnceThoughNobodyEverStarted() {
        Enqueued one = orders().enqueue(() -> Order.params(1));

        assertThat(one.added()).isTrue();
        assertThat(backOps.operations().status(one.id())).contains(Status.READY);
        assertThat(sql.texts("SELECT state FROM backops.work WHERE operation_id = ?", one.id()))
                .containsExactly("ready");
    }

    @Test
    void inTransaction_isSeenByOthersAfterTheCommit() {
        Enqueued one = database.jdbi().inTransaction(handle -> {
            Enqueued enqueued = orders().in(handle).enqueue(() -> Order.params(1));
            assertThat(backOps.operations().status(enqueued.id())).isEmpty();
            return enqueued;
        });

        assertThat(backOps.operations().status(one.id())).contains(Status.READY);
    }

    @Test
    void inTransaction_rolledBack_leavesNoTrace() {
        try (Handle handle = database.jdbi().open()) {
            handle.begin();
            orders().in(handle).enqueue(() -> Order.params(1));
            orders().in(handle).key("k").enqueue(() -> Order.params(1));
            orders().in(handle).after(Duration.ofDays(1)).enqueue(() -> Order.params(1));
            handle.rollback();
        }

        assertThat(sql.number("SELECT count(*) FROM backops.operation")).isZero();
        assertThat(sql.number("SELECT count(*) FROM backops.work")).isZero();
    }

    @Test
    void inTransaction_startsRightAfterTheCommitOfAProcessThatRuns() throws Exception {
        try (BackOps worker = running(Duration.ofMinutes(1), new Order.Steps() {})) {
            Enqueued first = Order.client(worker).enqueue(() -> Order.params(0));
            assertThat(worker.await(first.id(), LONG)).isEqualTo(Status.COMPLETED);
            // By now it waits two seconds before it looks by itself.
            await().pollDelay(Duration.ofMillis(2_400)).until(() -> true);

            Enqueued one = database.jdbi()
                    .inTransaction(handle -> Order.client(worker).in(handle).enqueue(() -> Order.params(1)));

            assertThat(worker.await(one.id(), Duration.ofMillis(1_400))).isEqualTo(Status.COMPLETED);
        }
    }

    @Test
    void handleWithoutTransaction_isRefused() {
        database.jdbi()
                .useHandle(handle -> assertThatThrownBy(
                                () -> orders().in(handle).enqueue(() -> Order.params(1)))
                        .isInstanceOf(TransactionRequiredException.class)
                        .hasMessageContaining("orders.order")
                        .hasMessageContaining("useTransaction"));

        assertThat(sql.number("SELECT count(*) FROM backops.operation")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "true, TRANSACTION_READ_COMMITTED",
        "false, TRANSACTION_READ_COMMITTED",
        "true, TRANSACTION_REPEATABLE_READ",
        "false, TRANSACTION_REPEATABLE_READ",
        "true, TRANSACTION_SERIALIZABLE",
        "false, TRANSACTION_SERIALIZABLE"
    })
    void pool_withDefaultsOfItsOwn_enqueuesAndRuns(boolean autoCommit, String isolation) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.direct());
        config.setAutoCommit(autoCommit);
        config.setTransactionIsolation(isolation);
        try (HikariDataSource pool = new HikariDataSource(config);
                BackOps strange = BackOps.builder(pool).build()) {
            strange.register(Order.steps(new Order.Steps() {}));
            strange.start();
            OperationClient orders = Order.client(strange);
            List<Enqueued> all = new ArrayList<>();
            all.add(orders.enqueue(() -> Order.params(1)));
            all.add(orders.key("k").enqueue(() -> Order.params(2)));
            all.addAll(orders.enqueueAll(List.of(3L, 4L), Order::params));
            try (Handle handle = Jdbi.create(pool).open()) {
                // Jdbi takes a connection without auto-commit for one in a transaction, and leaves the commit to its
                // user.
                handle.begin();
                all.add(orders.in(handle).enqueue(() -> Order.params(5)));
                all.add(orders.in(handle).key("other").enqueue(() -> Order.params(6)));
                handle.commit();
            }
            for (Enqueued one : all) {
                assertThat(strange.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);
            }
            assertThat(orders.find(Search.all(), values -> values.get(Order.NUMBER))
                            .list())
                    .extracting(OperationInfo::context)
                    .containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L);
        }
    }

    @Test
    void usersJdbi_configuredOtherwise_doesNotReachOurStatements() {
        Jdbi jdbi = database.jdbi();
        jdbi.setSqlParser(new HashPrefixSqlParser());
        jdbi.getConfig(SqlStatements.class).setTemplateEngine((template, context) -> "SELECT broken");
        jdbi.setTransactionHandler(new SerializableTransactionRunner());
        List<String> logged = new CopyOnWriteArrayList<>();
        jdbi.setSqlLogger(new SqlLogger() {
            @Override
            public void logBeforeExecution(StatementContext context) {
                logged.add(context.getRawSql());
            }
        });

        Enqueued one = jdbi.inTransaction(handle -> orders().in(handle).enqueue(() -> Order.params(1)));

        assertThat(backOps.operations().status(one.id())).contains(Status.READY);
        assertThat(logged).isEmpty();
    }

    @Test
    void callersTransaction_keepsItsSettingsAndGoesOn() {
        database.jdbi().useTransaction(handle -> {
            handle.execute("SET LOCAL search_path = pg_temp");
            handle.execute("CREATE TEMPORARY TABLE operation (id int)");
            handle.execute("CREATE TEMPORARY TABLE work (id int)");
            orders().in(handle).key("k").enqueue(() -> Order.params(1));
            assertThat(handle.select("SELECT current_setting('search_path') || current_setting('lock_timeout')")
                            .mapTo(String.class)
                            .one())
                    .isEqualTo("pg_temp0");
            assertThat(handle.isInTransaction()).isTrue();
        });

        assertThat(sql.number("SELECT count(*) FROM backops.work")).isEqualTo(1);
    }

    // Many

    @Test
    void bulk_ofThousands_hasIdsInTheOrderOfTheParams() {
        List<Enqueued> all =
                orders().enqueueAll(LongStream.range(0, 2_500).boxed().toList(), Order::params);

        assertThat(all).hasSize(2_500).allMatch(Enqueued::added);
        assertThat(all).extracting(Enqueued::id).isSorted();
        Map<String, Long> numbers = database.jdbi()
                .withHandle(handle -> handle.select(
                                "SELECT id, (params ->> 'number')::bigint AS number FROM backops.operation")
                        .reduceRows(new HashMap<>(), (map, row) -> {
                            map.put(row.getColumn("id", String.class), row.getColumn("number", Long.class));
                            return map;
                        }));
        IntStream.range(0, 2_500)
                .forEach(i ->
                        assertThat(numbers.get(Long.toString(all.get(i).id()))).isEqualTo(i));
        assertThat(orders().enqueueAll(List.<Long>of(), Order::params)).isEmpty();
    }

    @Test
    void bulk_withOneBadParam_writesNothing() {
        List<Long> numbers = LongStream.range(0, 1_500).boxed().toList();

        assertThatThrownBy(() -> orders().enqueueAll(numbers, number -> {
                    if (number == 1_400) {
                        throw new IllegalStateException("not this one");
                    }
                    return Order.params(number);
                }))
                .isInstanceOf(InvalidParamsException.class)
                .hasMessageContaining("not this one");

        assertThat(sql.number("SELECT count(*) FROM backops.operation")).isZero();
    }

    // Keys

    @Test
    void key_again_returnsTheFirstOne() {
        Enqueued first = orders().key("k").enqueue(() -> Order.params(1));

        Enqueued again = orders().key("k").enqueue(() -> Order.params(1));

        assertThat(again).isEqualTo(new Enqueued(first.id(), false));
        assertThat(orders().key("other").enqueue(() -> Order.params(1)).added()).isTrue();
        assertThat(sql.number("SELECT count(*) FROM backops.work")).isEqualTo(2);
    }

    @Test
    void key_againWithOtherParams_isAConflict() {
        Enqueued first = orders().key("secret").enqueue(() -> Order.params(4711));

        assertThatThrownBy(() -> orders().key("secret").enqueue(() -> Order.params(815)))
                .isInstanceOf(KeyConflictException.class)
                .hasMessageContaining("Operation " + first.id() + " of orders.order")
                .hasMessageNotContainingAny("4711", "815", "secret");

        assertThat(sql.number("SELECT count(*) FROM backops.operation")).isEqualTo(1);
    }

    @Test
    void key_manyThreadsAtOnce_exactlyOneAdds() throws Exception {
        List<Enqueued> all = atOnce(50, () -> orders().key("k").enqueue(() -> Order.params(1)));

        assertThat(all).filteredOn(Enqueued::added).hasSize(1);
        assertThat(all).extracting(Enqueued::id).containsOnly(all.get(0).id());
        assertThat(sql.number("SELECT count(*) FROM backops.work")).isEqualTo(1);
    }

    @Test
    void key_inATransactionThatRollsBack_isFreeAgain() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (Handle handle = database.jdbi().open()) {
            handle.begin();
            long undone =
                    orders().in(handle).key("k").enqueue(() -> Order.params(1)).id();
            Future<Enqueued> waiter = other.submit(() -> {
                waiting.countDown();
                return orders().key("k").enqueue(() -> Order.params(2));
            });
            waiting.await();
            // It waits for the transaction, and longer than the engine would wait for a lock.
            assertThatThrownBy(() -> waiter.get(1_500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            handle.rollback();

            Enqueued added = waiter.get(60, TimeUnit.SECONDS);
            assertThat(added.added()).isTrue();
            assertThat(added.id()).isNotEqualTo(undone);
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void key_thatCannotBeStored_isRefused() {
        for (String key : List.of("", "a\0b", "a\ud800b", "x".repeat(501))) {
            assertThatThrownBy(() -> orders().key(key))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("key");
        }
        assertThat(orders().key("😀".repeat(250)).enqueue(() -> Order.params(1)).added())
                .isTrue();
    }

    // When

    @Test
    void after_startsInTime() throws Exception {
        AtomicReference<Instant> ran = new AtomicReference<>();
        try (BackOps worker = running(Duration.ofMinutes(1), chargedAt(ran))) {
            Instant before = Instant.now();
            Enqueued one = Order.client(worker).after(Duration.ofMillis(700)).enqueue(() -> Order.params(1));
            assertThat(worker.operations().status(one.id())).contains(Status.SCHEDULED);
            assertThat(worker.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);
            assertThat(Duration.between(before, ran.get())).isBetween(Duration.ofMillis(690), Duration.ofSeconds(20));
        }
    }

    @Test
    void after_enqueuedByAnotherProcess_startsInTime() throws Exception {
        AtomicReference<Instant> ran = new AtomicReference<>();
        try (BackOps worker = running(Duration.ofMillis(100), chargedAt(ran))) {
            Enqueued first = orders().enqueue(() -> Order.params(0));
            assertThat(worker.await(first.id(), LONG)).isEqualTo(Status.COMPLETED);

            Instant before = Instant.now();
            Enqueued one = orders().after(Duration.ofSeconds(1)).enqueue(() -> Order.params(1));

            assertThat(backOps.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);
            assertThat(Duration.between(before, ran.get())).isBetween(Duration.ofMillis(990), Duration.ofSeconds(10));
        }
    }

    @Test
    void after_enqueuedByAnotherProcessBehindABacklog_startsInTimeByItsPriority() throws Exception {
        List<Long> order = new CopyOnWriteArrayList<>();
        orders().enqueueAll(LongStream.range(0, 300).boxed().toList(), Order::params);
        try (BackOps worker =
                BackOps.builder(database.dataSource()).concurrency(1).build()) {
            worker.register(Order.steps(new Order.Steps() {
                @Override
                public Order.Charge charge(long number, StepRun run) throws Exception {
                    order.add(number);
                    Thread.sleep(100);
                    return new Order.Charge("r", null);
                }
            }));
            worker.start();
            await().atMost(LONG).until(() -> order.size() > 3);

            Enqueued one = orders().after(Duration.ofMillis(300))
                    .priority(Priority.HIGH)
                    .enqueue(() -> Order.params(1_000));

            assertThat(backOps.await(one.id(), Duration.ofSeconds(15))).isEqualTo(Status.COMPLETED);
            assertThat(order.size()).isLessThan(300);
        }
    }

    @Test
    void at_inThePast_isReadyAtOnce() {
        Enqueued one = orders().at(Instant.EPOCH).enqueue(() -> Order.params(1));

        assertThat(backOps.operations().status(one.id())).contains(Status.READY);
    }

    @Test
    void at_farInTheFuture_keepsItsTimeAndDisturbsNobody() throws Exception {
        try (BackOps worker = running(Duration.ofMillis(100), new Order.Steps() {})) {
            OperationClient orders = Order.client(worker);
            Instant far = Instant.parse("2999-12-31T23:59:59Z");
            Enqueued at = orders.at(far).enqueue(() -> Order.params(1));
            Enqueued after = orders.after(Duration.ofDays(350_000)).enqueue(() -> Order.params(2));
            Enqueued inTransaction = database.jdbi()
                    .inTransaction(handle -> orders.at(far).in(handle).enqueue(() -> Order.params(3)));

            Enqueued now = orders.enqueue(() -> Order.params(4));
            assertThat(worker.await(now.id(), LONG)).isEqualTo(Status.COMPLETED);
            for (Enqueued one : List.of(at, after, inTransaction)) {
                assertThat(worker.operations().status(one.id())).contains(Status.SCHEDULED);
            }
            assertThat(worker.operations().find(at.id()).orElseThrow().runAt()).isEqualTo(far);
            long statements = sql.number("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()");
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            assertThat(sql.number("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"))
                    .isLessThan(statements + 200);
        }
    }

    @Test
    void time_thatPostgresqlDoesNotKnow_isRefused() {
        for (Instant time : List.of(Instant.MAX, Instant.MIN, OffsetDateTime.MAX.toInstant())) {
            assertThatThrownBy(() -> orders().at(time))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("time");
        }
        assertThatThrownBy(() -> orders().after(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> orders().after(Duration.ofSeconds(Long.MAX_VALUE)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void priority_higherRunsFirst() throws Exception {
        List<Long> order = new CopyOnWriteArrayList<>();
        for (Priority priority : List.of(Priority.LOW, Priority.NORMAL, Priority.HIGH)) {
            orders().priority(priority).enqueue(() -> Order.params(priority.rank()));
        }
        try (BackOps worker =
                BackOps.builder(database.dataSource()).concurrency(1).build()) {
            worker.register(Order.steps(new Order.Steps() {
                @Override
                public Order.Charge charge(long one, StepRun run) {
                    order.add(one);
                    return new Order.Charge("r", null);
                }
            }));
            worker.start();
            await().atMost(LONG).until(() -> order.size() == 3);
        }
        assertThat(order).isSorted();
    }

    // What

    @Test
    void params_refusedByTheirConstructor_writesNothing() {
        IllegalArgumentException refusal =
                new IllegalArgumentException("number must be positive", new NumberFormatException("For input: 4711"));

        assertThatThrownBy(() -> orders().enqueue(() -> {
                    throw refusal;
                }))
                .isInstanceOf(InvalidParamsException.class)
                .hasMessageContaining("orders.order")
                .hasMessageContaining("number must be positive")
                .hasMessageNotContaining("4711")
                .hasCause(refusal);

        assertThat(sql.number("SELECT count(*) FROM backops.operation")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret\0", "\0", "secret\ud800", "\udc00secret", "secret\ud800\ud800\udc00"})
    void text_thatPostgresqlCannotStore_isRefusedWithTheNameOfItsField(String text) {
        Field<List<String>> list = Field.required("list", Types.listOf(Types.STRING));
        Field<Map<String, String>> map = Field.required("map", Types.mapOf(Types.STRING));
        assertThatThrownBy(() -> orders().enqueue(() -> Order.params(1).and(Order.CUSTOMER, text)))
                .isInstanceOf(InvalidParamsException.class)
                .hasMessageContaining("\"customer\"")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> orders().enqueue(() -> Values.of(list, List.of("good", text))))
                .isInstanceOf(InvalidParamsException.class)
                .hasMessageContaining("\"list\"");
        assertThatThrownBy(() -> orders().enqueue(() -> Values.of(map, Map.of(text, "good"))))
                .isInstanceOf(InvalidParamsException.class)
                .hasMessageContaining("\"map\"");

        assertThat(sql.number("SELECT count(*) FROM backops.operation")).isZero();
    }

    @Test
    void uri_withHalfASurrogatePair_isRefusedWithTheNameOfItsField() {
        Field<URI> link = Field.required("link", Types.URI);

        assertThatThrownBy(() -> orders().enqueue(() -> Values.of(link, URI.create("http://host/\ud800"))))
                .isInstanceOf(InvalidParamsException.class)
                .hasMessageContaining("\"link\"");
    }

    @Test
    void number_beyondWhatPostgresqlCanStore_isRefusedWithTheNameOfItsField() {
        Field<BigDecimal> amount = Field.required("amount", Types.BIG_DECIMAL);
        Field<BigInteger> count = Field.required("count", Types.BIG_INTEGER);
        for (String number : List.of("1E+131072", "1E-16384", "1E+2000000000", "1E-2000000000")) {
            assertThatThrownBy(() -> orders().enqueue(() -> Values.of(amount, new BigDecimal(number))))
                    .isInstanceOf(InvalidParamsException.class)
                    .hasMessageContaining("\"amount\"");
        }
        assertThatThrownBy(() -> orders().enqueue(() -> Values.of(count, BigInteger.TEN.pow(131_072))))
                .isInstanceOf(InvalidParamsException.class)
                .hasMessageContaining("\"count\"");
        assertThat(sql.number("SELECT count(*) FROM backops.operation")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1E+131071", "1E-16383", "-9.99E+131071", "0", "0E-16383", "0.10", "0E+200000"})
    void number_atTheEdgeOfWhatPostgresqlCanStore_reachesTheStep(String number) throws Exception {
        Field<BigDecimal> amount = Field.required("amount", Types.BIG_DECIMAL);
        OperationDefinition definition = OperationDefinition.named("numbers")
                .params(amount)
                .step(StepDefinition.named("look").reads("amount"));
        AtomicReference<BigDecimal> seen = new AtomicReference<>();
        backOps.register(OperationSteps.of(definition).step("look", (values, run) -> {
            seen.set(values.get(amount));
            return StepResult.none();
        }));
        backOps.start();

        Enqueued one = backOps.client(definition).enqueue(() -> Values.of(amount, new BigDecimal(number)));

        assertThat(backOps.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);
        assertThat(seen.get()).isEqualByComparingTo(new BigDecimal(number));
    }

    @Test
    void closed_takesNoMore() {
        OperationClient orders = orders();
        backOps.close();

        assertThatThrownBy(() -> orders.enqueue(() -> Order.params(1))).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> orders.enqueueAll(List.of(1L), Order::params)).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> orders.find(Search.all(), values -> values).list())
                .isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> database.jdbi()
                        .useTransaction(handle -> orders.in(handle).enqueue(() -> Order.params(1))))
                .isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> backOps.operations().list(Search.all())).isInstanceOf(ClosedException.class);
        assertThat(sql.number("SELECT count(*) FROM backops.operation")).isZero();
    }

    // Where it is found

    @Test
    void find_searchesByStatusParamAndPage() {
        OperationClient orders = orders();
        orders.enqueueAll(LongStream.range(0, 30).boxed().toList(), Order::params);
        long ann =
                orders.enqueue(() -> Order.params(7).and(Order.CUSTOMER, "ann")).id();

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
        List<OperationInfo<Map<String, Object>>> first = backOps.operations().list(page);
        List<OperationInfo<Map<String, Object>>> second = backOps.operations().list(page.before(first.get(19)));
        assertThat(first).hasSize(20);
        assertThat(second).hasSize(11);
        assertThat(first.get(0).id()).isGreaterThan(second.get(10).id());
    }

    @Test
    void gemsQuestion_answersFromTheView() throws Exception {
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

    private OperationClient orders() {
        return Order.client(backOps);
    }

    private BackOps running(Duration pollInterval, Order.Steps steps) {
        BackOps worker = BackOps.builder(database.dataSource())
                .pollInterval(pollInterval)
                .build();
        worker.register(Order.steps(steps));
        worker.start();
        return worker;
    }

    private static Order.Steps chargedAt(AtomicReference<Instant> time) {
        return new Order.Steps() {
            @Override
            public Order.Charge charge(long number, StepRun run) {
                time.set(Instant.now());
                return new Order.Charge("r", null);
            }
        };
    }

    private static <T> List<T> atOnce(int threads, Callable<T> task) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch ready = new CountDownLatch(threads);
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(executor.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return task.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get(60, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }
}
