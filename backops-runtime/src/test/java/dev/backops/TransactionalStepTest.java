package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.RetryPolicy;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.TransactionalStepBody;
import dev.backops.codegen.Types;
import dev.backops.codegen.ValueType;
import dev.backops.codegen.Values;
import dev.backops.testkit.Interceptor;
import dev.backops.testkit.Order;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TcpProxy;
import dev.backops.testkit.TcpProxy.Fault;
import dev.backops.testkit.TestDatabase;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.mapper.ColumnMapper;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps whose writes and whose record are one transaction. */
class TransactionalStepTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Field<Long> NUMBER = Field.required("number", Types.LONG);
    private static final Field<String> RECEIPT = Field.required("receipt", Types.STRING);

    /** Of a type that lets numbers through which no column takes. */
    private static final Field<BigDecimal> SUM =
            Field.nullable("sum", new ValueType<>("anything", value -> value, BigDecimal.class::cast));

    private static final OperationDefinition DEFINITION = OperationDefinition.named("till.sale")
            .params(NUMBER)
            .step(StepDefinition.named("book")
                    .reads("number")
                    .outputs(RECEIPT, SUM)
                    .retry(RetryPolicy.of(2, "PT0.01S", 1, "PT1S", 0))
                    .transactional())
            .step(StepDefinition.named("thank").reads("receipt"));

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private final AtomicInteger calls = new AtomicInteger();

    private Sql sql;

    @BeforeEach
    void createTable() {
        sql = new Sql(database.dataSource());
        sql.execute("CREATE TABLE public.sale (number bigint NOT NULL, UNIQUE (number) DEFERRABLE INITIALLY DEFERRED)");
    }

    @Test
    void step_returns_writesOutputsAndRecordAreThere() throws Exception {
        try (BackOps backOps = started(TransactionalStepTest::book)) {
            long id = enqueue(backOps);

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);

            assertThat(sales()).containsExactly("1");
            assertThat(backOps.operations().find(id).orElseThrow().context()).containsEntry("receipt", "r1");
            assertThat(backOps.operations().steps(id))
                    .extracting(StepInfo::name, StepInfo::status, StepInfo::attempts)
                    .containsExactly(tuple("book", StepStatus.COMPLETED, 1), tuple("thank", StepStatus.COMPLETED, 1));
        }
    }

    @Test
    void record_isWrittenInTheTransactionOfTheStep() throws Exception {
        try (BackOps backOps = started(TransactionalStepTest::book)) {
            long id = enqueue(backOps);
            backOps.await(id, LONG);

            assertThat(sql.number("""
                    SELECT count(*) FROM backops.step s, public.sale n
                    WHERE s.operation_id = ? AND s.name = 'book' AND s.xmin = n.xmin
                    """, id)).isEqualTo(1);
        }
    }

    @Test
    void step_throws_isRolledBackAndItsFailureIsKept() throws Exception {
        try (BackOps backOps = started((values, run, handle) -> {
            insert(handle, values);
            throw new IllegalStateException("no paper");
        })) {
            long id = enqueue(backOps);

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.FAILED);

            assertThat(sales()).isEmpty();
            assertThat(backOps.operations().failures(id))
                    .extracting(FailureInfo::attempt, FailureInfo::message)
                    .containsExactly(tuple(1, "no paper"), tuple(2, "no paper"));
        }
    }

    @Test
    void connection_ofTheHandle_isInTheSameTransaction() throws Exception {
        try (BackOps backOps = started((values, run, handle) -> {
            Connection connection = handle.getConnection();
            try (var statement = connection.prepareStatement("INSERT INTO public.sale VALUES (?)")) {
                statement.setLong(1, values.get(NUMBER));
                statement.executeUpdate();
            }
            assertThat(connection.getAutoCommit()).isFalse();
            assertThat(connection).isEqualTo(handle.getConnection()).hasToString("connection of a transactional step");
            if (run.attempt() == 1) {
                throw new IllegalStateException("not yet");
            }
            return receipt(values);
        })) {
            assertThat(backOps.await(enqueue(backOps), LONG)).isEqualTo(Status.COMPLETED);

            assertThat(sales()).containsExactly("1");
        }
    }

    static Stream<Arguments> misuses() {
        return Stream.of(
                misuse("commit is not for a transactional step to call", Handle::commit),
                misuse("rollback is not for a transactional step to call", Handle::rollback),
                misuse("commit is not", handle -> handle.getConnection().commit()),
                misuse("use a savepoint", handle -> handle.getConnection().rollback()),
                misuse("close is not", handle -> handle.getConnection().close()),
                misuse("abort is not", handle -> handle.getConnection().abort(Runnable::run)),
                misuse("setAutoCommit is not", handle -> handle.getConnection().setAutoCommit(true)),
                misuse(
                        "SET TRANSACTION ISOLATION LEVEL",
                        handle -> handle.setTransactionIsolationLevel(TransactionIsolationLevel.SERIALIZABLE)),
                misuse("ended its transaction itself", handle -> handle.execute("COMMIT")),
                misuse("ended its transaction itself", handle -> handle.execute("ROLLBACK")),
                misuse("ended its transaction itself", handle -> {
                    try (var statement = handle.getConnection().createStatement()) {
                        statement.getConnection().commit();
                    }
                }));
    }

    private static Arguments misuse(String refusal, HandleConsumer<Exception> call) {
        return Arguments.of(refusal, call);
    }

    @ParameterizedTest
    @MethodSource("misuses")
    void transaction_touchedByTheStep_failsTheAttempt(String refusal, HandleConsumer<Exception> misuse)
            throws Exception {
        try (BackOps backOps = started((values, run, handle) -> {
            misuse.useHandle(handle);
            return book(values, run, handle);
        })) {
            long id = enqueue(backOps);

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.FAILED);

            FailureInfo failure = backOps.operations().failures(id).get(0);
            assertThat(failure.errorClass()).isEqualTo(StepTransactionException.class.getName());
            assertThat(failure.message()).contains(refusal);
            assertThat(sales()).isEmpty();
            assertThat(sql.number("SELECT count(*) FROM backops.step")).isZero();
        }
    }

    @Test
    void handle_closedByTheStep_failsTheAttemptAndLosesNoConnection() throws Exception {
        try (HikariDataSource small = pool(database.direct(), 7);
                BackOps backOps = started(small, (values, run, handle) -> {
                    insert(handle, values);
                    try {
                        handle.close();
                    } catch (RuntimeException e) {
                        // As code does that closes quietly.
                        return receipt(values);
                    }
                    return receipt(values);
                })) {
            for (int i = 0; i < 4; i++) {
                long id = enqueue(backOps, i);
                assertThat(backOps.await(id, LONG)).isEqualTo(Status.FAILED);
                assertThat(backOps.operations().failures(id).get(0).message()).contains("closed its handle");
            }
            assertThat(sales()).isEmpty();
            await().atMost(LONG).until(() -> small.getHikariPoolMXBean().getActiveConnections() <= 5);
        }
    }

    @Test
    void savepoint_isTheWayToUndoAPart() throws Exception {
        try (BackOps backOps = started((values, run, handle) -> {
            insert(handle, values);
            handle.savepoint("before");
            assertThatThrownBy(() -> handle.execute("SELECT 1/0")).hasMessageContaining("division by zero");
            handle.rollbackToSavepoint("before");
            return receipt(values);
        })) {
            assertThat(backOps.await(enqueue(backOps), LONG)).isEqualTo(Status.COMPLETED);

            assertThat(sales()).containsExactly("1");
        }
    }

    @Test
    void sqlError_caughtWithoutASavepoint_failsTheAttemptWithTheWayOut() throws Exception {
        try (BackOps backOps = started((values, run, handle) -> {
            insert(handle, values);
            assertThatThrownBy(() -> handle.execute("SELECT 1/0")).hasMessageContaining("division by zero");
            return receipt(values);
        })) {
            long id = enqueue(backOps);

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.FAILED);

            assertThat(backOps.operations().failures(id).get(0).message())
                    .contains("went on after an SQL error", "savepoint");
            assertThat(sales()).isEmpty();
        }
    }

    @Test
    void constraint_thatSaysNoAtTheCommit_isAFailedAttempt() throws Exception {
        try (BackOps backOps = started(TransactionalStepTest::book)) {
            backOps.await(enqueue(backOps), LONG);
            long second = enqueue(backOps);

            assertThat(backOps.await(second, LONG)).isEqualTo(Status.FAILED);

            assertThat(backOps.operations().failures(second))
                    .hasSize(2)
                    .allSatisfy(failure -> assertThat(failure.message()).contains("duplicate key"));
            assertThat(sales()).containsExactly("1");
        }
    }

    @Test
    void outputs_thatPostgresRefuses_failTheOperationAndRollBack() throws Exception {
        try (BackOps backOps = started((values, run, handle) -> {
            insert(handle, values);
            return receipt(values).and(SUM, new BigDecimal("1E+200000"));
        })) {
            long id = enqueue(backOps);

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.FAILED);

            assertThat(backOps.operations().failures(id))
                    .extracting(FailureInfo::errorClass)
                    .containsExactly("dev.backops.UnstorableOutcome");
            assertThat(sales()).isEmpty();
        }
    }

    @Test
    void serializationFailure_repeatsAtOnceAndIsNoAttempt() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (BackOps backOps = started((values, run, handle) -> {
            insert(handle, values);
            if (calls.incrementAndGet() < 4) {
                handle.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$");
            }
            return receipt(values);
        })) {
            long id = enqueue(backOps);

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);

            assertThat(calls).hasValue(4);
            assertThat(backOps.operations().failures(id)).isEmpty();
            assertThat(backOps.operations().steps(id).get(0).attempts()).isEqualTo(1);
            assertThat(sales()).containsExactly("1");
        }
    }

    @Test
    void serializationFailure_withoutEnd_isAFailedAttempt() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (BackOps backOps = started((values, run, handle) -> {
            calls.incrementAndGet();
            throw new IllegalStateException(new SQLException("again", "40P01"));
        })) {
            long id = enqueue(backOps);

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.FAILED);

            assertThat(calls).hasValue(2 * 11);
            assertThat(backOps.operations().failures(id)).hasSize(2);
        }
    }

    @Test
    void serializable_chosenByTheStep_conflictAtTheRecordRepeatsIt() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        // Without a pool each connection is new, and the plugin for PostgreSQL has questions then.
        try (BackOps backOps = started(database.direct(), (values, run, handle) -> {
            handle.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
            insert(handle, values);
            if (calls.incrementAndGet() == 1) {
                // Changes the row that the record locks, behind the snapshot of the step.
                sql.execute("UPDATE backops.work SET wanted = 'pause' WHERE operation_id = ?", run.operationId());
            }
            return receipt(values);
        })) {
            long id = enqueue(backOps);
            await().atMost(LONG)
                    .until(() -> backOps.operations().status(id).equals(java.util.Optional.of(Status.PAUSED)));

            assertThat(calls).hasValue(2);
            assertThat(backOps.operations().failures(id)).isEmpty();
            assertThat(sales()).containsExactly("1");
        }
    }

    @Test
    void wishToCancel_isObeyedBehindTheStep() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        try (BackOps backOps = started((values, run, handle) -> {
            entered.countDown();
            assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
            return book(values, run, handle);
        })) {
            long id = enqueue(backOps);
            assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(backOps.operations().cancel(id)).isFalse();
            cancelled.countDown();

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.CANCELLED);
            assertThat(sales()).containsExactly("1");
            assertThat(backOps.operations().steps(id).get(0).status()).isEqualTo(StepStatus.COMPLETED);
        }
    }

    @Test
    void lease_lostDuringTheStep_rollsBackAndTheOtherRecordsOnce() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch taken = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        try (BackOps backOps = started((values, run, handle) -> {
            insert(handle, values);
            if (calls.incrementAndGet() == 1) {
                entered.countDown();
                assertThat(taken.await(30, TimeUnit.SECONDS)).isTrue();
            }
            return receipt(values);
        })) {
            long id = enqueue(backOps);
            assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
            sql.execute("UPDATE backops.work SET state = 'ready', worker = NULL, token = token + 1");
            taken.countDown();

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);

            assertThat(calls).hasValue(2);
            assertThat(sales()).containsExactly("1");
            assertThat(backOps.operations().failures(id)).isEmpty();
        }
    }

    @Test
    void answerToTheCommitLost_stepIsRecordedOnceAndTheNextFollows() throws Exception {
        try (TcpProxy network = TcpProxy.before(database.jdbcUrl());
                BackOps backOps = started(database.dataSource(), Jdbi.create(network.dataSource()), counted())) {
            Fault lost = network.loseAnswerTo("idle_in_transaction_session_timeout", "COMMIT");
            long id = enqueue(backOps);
            lost.await();

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);

            assertThat(calls).hasValue(1);
            assertThat(sales()).containsExactly("1");
            assertThat(backOps.operations().failures(id)).isEmpty();
        }
    }

    @Test
    void commit_thatNeverReachesTheDatabase_stepIsRepeatedAndIsNoAttempt() throws Exception {
        try (TcpProxy network = TcpProxy.before(database.jdbcUrl());
                BackOps backOps = started(database.dataSource(), Jdbi.create(network.dataSource()), counted())) {
            Fault freeze = network.freezeAt("idle_in_transaction_session_timeout", "COMMIT");
            long id = enqueue(backOps);
            freeze.await();
            network.reset();
            network.thaw();

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);

            assertThat(calls).hasValue(2);
            assertThat(sales()).containsExactly("1");
            assertThat(backOps.operations().failures(id)).isEmpty();
        }
    }

    @Test
    void connection_endedByTheServerBeforeTheCommit_stepIsRepeatedAndIsNoAttempt() throws Exception {
        Interceptor interceptor = new Interceptor(database.dataSource());
        // As if the process had frozen there for a while.
        Runnable wait = () -> await().atMost(LONG)
                .until(() -> sql.number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND state = 'idle in transaction' AND backend_xid IS NOT NULL")
                        == 0);
        try (BackOps backOps =
                started(database.dataSource(), Jdbi.create(interceptor.dataSource()), (values, run, handle) -> {
                    if (calls.incrementAndGet() == 1) {
                        interceptor.before("COMMIT", wait);
                    }
                    return book(values, run, handle);
                })) {
            long id = enqueue(backOps);

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);

            assertThat(calls).hasValue(2);
            assertThat(sales()).containsExactly("1");
            assertThat(backOps.operations().failures(id)).isEmpty();
        }
    }

    @Test
    void everyConnection_terminatedAgainAndAgain_eachStepTakesEffectOnce() throws Exception {
        try (BackOps backOps = started(counted())) {
            backOps.client(DEFINITION)
                    .enqueueAll(LongStream.range(0, 200).boxed().toList(), number -> Values.of(NUMBER, number));
            for (int times = 1; times <= 5; times++) {
                int atLeast = times * 30;
                await().atMost(LONG).pollInterval(Duration.ofMillis(2)).until(() -> calls.get() >= atLeast);
                new Sql(database.direct()).texts("""
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                    """);
            }
            await().atMost(LONG)
                    .ignoreExceptions()
                    .until(() ->
                            sql.number("SELECT count(*) FROM backops.operation WHERE outcome = 'completed'") == 200);
            assertThat(sales()).hasSize(200).doesNotHaveDuplicates();
            assertThat(sql.texts("SELECT error_class || ': ' || message FROM backops.failure"))
                    .isEmpty();
        }
    }

    /* As idle_in_transaction_session_timeout does to a step that talks to somebody else for too long. */
    @Test
    void connection_endedDuringEachTry_failsTheAttemptReadably() throws Exception {
        try (BackOps backOps = started((values, run, handle) -> {
            calls.incrementAndGet();
            insert(handle, values);
            int pid = handle.select("SELECT pg_backend_pid()")
                    .mapTo(Integer.class)
                    .one();
            sql.texts("SELECT pg_terminate_backend(?, 10000)", pid);
            return receipt(values);
        })) {
            long id = enqueue(backOps);

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.FAILED);

            assertThat(calls).hasValue(22);
            assertThat(sales()).isEmpty();
            assertThat(backOps.operations().failures(id))
                    .hasSize(2)
                    .allSatisfy(failure -> assertThat(failure.message()).contains("connection"));
        }
    }

    @Test
    void jdbi_ofTheUser_bringsItsPluginsAndMappersAndKeepsItsOtherHandles() throws Exception {
        record Money(long cents) {}
        ColumnMapper<Money> mapper = (row, column, context) -> new Money(row.getLong(column));
        Jdbi users = Jdbi.create(database.dataSource()).registerColumnMapper(Money.class, mapper);
        users.installPlugin(new org.jdbi.v3.core.spi.JdbiPlugin() {
            @Override
            public Handle customizeHandle(Handle handle) {
                handle.execute("SET search_path = public");
                return handle;
            }
        });
        try (BackOps backOps = started(database.dataSource(), users, (values, run, handle) -> {
            handle.execute("INSERT INTO sale VALUES (?)", values.get(NUMBER));
            Money money = handle.createQuery("SELECT number FROM sale")
                    .mapTo(Money.class)
                    .one();
            assertThat(handle.<Long, Exception>inTransaction(nested ->
                            nested.select("SELECT 2").mapTo(Long.class).one()))
                    .isEqualTo(2);
            return StepResult.of(RECEIPT, "r" + money.cents());
        })) {
            long id = enqueue(backOps);

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);

            assertThat(sales()).containsExactly("1");
            users.useTransaction(handle -> handle.execute("INSERT INTO sale VALUES (2)"));
            users.useHandle(handle -> handle.begin().execute("INSERT INTO sale VALUES (3)"));
        } catch (org.jdbi.v3.core.transaction.TransactionException e) {
            assertThat(e).hasMessageContaining("Improper transaction handling");
        }
        assertThat(sales()).containsExactly("1", "2");
    }

    @Test
    void jdbi_ofAnotherDatabase_isRefusedAtTheStart() {
        try (BackOps backOps = BackOps.builder(database.dataSource())
                .jdbi(Jdbi.create(database.jdbcUrl().replaceFirst("/test\\d+", "/postgres")))
                .build()) {
            backOps.register(steps(TransactionalStepTest::book));

            assertThatThrownBy(backOps::start)
                    .isInstanceOf(RegistrationException.class)
                    .hasMessageContaining("does not lead to the tables");
        }
    }

    @Test
    void pool_thatDoesNotCommitByItselfAndIsSerializable_isLeftAsItCame() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.direct());
        config.setAutoCommit(false);
        config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
        List<String> levels = new ArrayList<>();
        try (HikariDataSource pool = new HikariDataSource(config);
                BackOps backOps = started(pool, (values, run, handle) -> {
                    levels.add(handle.select("SHOW transaction_isolation")
                            .mapTo(String.class)
                            .one());
                    return book(values, run, handle);
                })) {
            assertThat(backOps.await(enqueue(backOps), LONG)).isEqualTo(Status.COMPLETED);
            assertThat(levels).containsExactly("read committed");
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.getAutoCommit()).isFalse();
                assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
            }
        }
    }

    @Test
    void enqueue_ofAnotherOperation_livesAndDiesWithTheStepAndStartsAtOnce() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        BackOps[] self = new BackOps[1];
        try (BackOps backOps = BackOps.builder(database.dataSource())
                .pollInterval(Duration.ofMinutes(1))
                .build()) {
            self[0] = backOps;
            backOps.register(Order.steps(new Order.Steps() {}));
            backOps.register(steps((values, run, handle) -> {
                Order.client(self[0]).in(handle).enqueue(() -> Order.params(attempts.incrementAndGet()));
                if (run.attempt() == 1) {
                    throw new IllegalStateException("not yet");
                }
                return receipt(values);
            }));
            backOps.start();
            long id = enqueue(backOps);

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);

            // Long before the next poll.
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> sql.number("SELECT count(*) FROM backops.operation WHERE outcome = 'completed'") == 2);
            assertThat(sql.texts("SELECT params ->> 'number' FROM backops.operation WHERE name = 'orders.order'"))
                    .containsExactly("2");
        }
    }

    @Test
    void enqueue_whoseKeyHoldsWithOtherParams_failsTheAttemptAndAddsNothing() throws Exception {
        CompletableFuture<BackOps> self = new CompletableFuture<>();
        try (BackOps backOps = started((values, run, handle) -> {
            insert(handle, values);
            Order.client(self.join()).in(handle).key("other").enqueue(() -> Order.params(1));
            Order.client(self.join()).in(handle).key("k").enqueue(() -> Order.params(2));
            return receipt(values);
        })) {
            self.complete(backOps);
            Order.client(backOps).key("k").enqueue(() -> Order.params(1));
            long id = enqueue(backOps);

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.FAILED);

            assertThat(backOps.operations().failures(id))
                    .hasSize(2)
                    .allSatisfy(failure ->
                            assertThat(failure.errorClass()).isEqualTo(KeyConflictException.class.getName()));
            assertThat(sql.texts("SELECT key FROM backops.operation WHERE name = 'orders.order'"))
                    .containsExactly("k");
            assertThat(sales()).isEmpty();
        }
    }

    @Test
    void handle_inAnotherThread_isInTheTransactionWhileTheStepRuns_andOfNoUseAfterwards() throws Exception {
        List<Handle> kept = new CopyOnWriteArrayList<>();
        List<Connection> connections = new CopyOnWriteArrayList<>();
        try (BackOps backOps = started((values, run, handle) -> {
            kept.add(handle);
            connections.add(handle.getConnection());
            CompletableFuture.runAsync(() -> insert(handle, values)).join();
            if (run.attempt() == 1) {
                throw new IllegalStateException("rolls back what the other thread did");
            }
            return receipt(values);
        })) {
            assertThat(backOps.await(enqueue(backOps), LONG)).isEqualTo(Status.COMPLETED);

            assertThat(kept)
                    .hasSize(2)
                    .allSatisfy(handle -> assertThatThrownBy(() -> handle.execute("INSERT INTO public.sale VALUES (2)"))
                            .isInstanceOf(JdbiException.class));
            assertThat(connections)
                    .allSatisfy(connection ->
                            assertThatThrownBy(connection::createStatement).isInstanceOf(SQLException.class));
            assertThat(sales()).containsExactly("1");
        }
    }

    @Test
    void transaction_madeReadOnlyByTheStep_isAFailedAttempt() throws Exception {
        try (BackOps backOps = started((values, run, handle) -> {
            handle.execute("SET TRANSACTION READ ONLY");
            if (run.attempt() == 1) {
                insert(handle, values);
            }
            return receipt(values);
        })) {
            long id = enqueue(backOps);

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.FAILED);
            assertThat(backOps.operations().failures(id))
                    .hasSize(2)
                    .allSatisfy(failure -> assertThat(failure.stackTrace()).contains("read-only transaction"));
        }
    }

    /** As a replica is before somebody promotes it, or a server whose disk is full. */
    @Test
    void database_thatIsReadOnlyForAWhile_isNoAttempt() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch readOnly = new CountDownLatch(1);
        try (BackOps backOps = started((values, run, handle) -> {
            calls.incrementAndGet();
            first.countDown();
            readOnly.await();
            return book(values, run, handle);
        })) {
            enqueue(backOps);
            first.await();
            setReadOnly("on");
            readOnly.countDown();
            await().atMost(LONG).until(() -> calls.get() >= 4);
            setReadOnly("off");

            // The pool may lend connections that were ended, for a while.
            Sql direct = new Sql(database.direct());
            await().atMost(LONG)
                    .until(() ->
                            direct.number("SELECT count(*) FROM backops.operation WHERE outcome = 'completed'") == 1);
            assertThat(direct.number("SELECT count(*) FROM backops.failure")).isZero();
            assertThat(direct.number("SELECT count(*) FROM public.sale")).isEqualTo(1);
        }
    }

    /** For all sessions from now on, and there are none of before. */
    private void setReadOnly(String value) throws SQLException {
        try (Connection connection = database.direct().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("SET default_transaction_read_only = off");
            statement.execute(
                    "ALTER DATABASE " + connection.getCatalog() + " SET default_transaction_read_only = " + value);
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
        }
    }

    @Test
    void pool_smallerThanTheConcurrency_stepsWaitForEachOther() throws Exception {
        try (HikariDataSource small = pool(database.direct(), 6);
                BackOps backOps = started(small, (values, run, handle) -> {
                    handle.select("SELECT pg_sleep(0.02)").mapTo(String.class).findOne();
                    return book(values, run, handle);
                })) {
            backOps.client(DEFINITION)
                    .enqueueAll(LongStream.range(0, 50).boxed().toList(), number -> Values.of(NUMBER, number));
            await().atMost(LONG).until(() -> sql.number("SELECT count(*) FROM backops.step") == 100);
            assertThat(sales()).hasSize(50);
        }
    }

    @Test
    void callbacks_runAfterTheCommitOrTheRollback_andDoNoHarm() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (BackOps backOps = started((values, run, handle) -> {
            handle.afterCommit(() -> {
                heard.add("committed " + run.attempt() + " " + sales());
                throw new IllegalStateException("listener");
            });
            handle.afterRollback(() -> heard.add("rolled back " + run.attempt()));
            insert(handle, values);
            if (run.attempt() == 1) {
                throw new IllegalStateException("not yet");
            }
            return receipt(values);
        })) {
            assertThat(backOps.await(enqueue(backOps), LONG)).isEqualTo(Status.COMPLETED);

            assertThat(heard).containsExactly("rolled back 1", "committed 2 [1]");
        }
    }

    private TransactionalStepBody counted() {
        return (values, run, handle) -> {
            calls.incrementAndGet();
            return book(values, run, handle);
        };
    }

    private static StepResult book(Values values, StepRun run, Handle handle) {
        insert(handle, values);
        return receipt(values);
    }

    private static void insert(Handle handle, Values values) {
        handle.execute("INSERT INTO public.sale VALUES (?)", values.get(NUMBER));
    }

    private static StepResult receipt(Values values) {
        return StepResult.of(RECEIPT, "r" + values.get(NUMBER));
    }

    private List<String> sales() {
        return sql.texts("SELECT number FROM public.sale ORDER BY number");
    }

    private static OperationSteps steps(TransactionalStepBody book) {
        return OperationSteps.of(DEFINITION)
                .transactionalStep("book", book)
                .step("thank", (values, run) -> StepResult.none());
    }

    private BackOps started(TransactionalStepBody book) {
        return started(database.dataSource(), book);
    }

    private static BackOps started(DataSource dataSource, TransactionalStepBody book) {
        return started(BackOps.builder(dataSource), book);
    }

    private static BackOps started(DataSource dataSource, Jdbi jdbi, TransactionalStepBody book) {
        return started(BackOps.builder(dataSource).jdbi(jdbi), book);
    }

    private static BackOps started(BackOps.Builder builder, TransactionalStepBody book) {
        BackOps backOps = builder.lease(Duration.ofSeconds(3))
                .pollInterval(Duration.ofMillis(100))
                .gracePeriod(Duration.ofSeconds(2))
                .build();
        backOps.register(steps(book));
        backOps.start();
        return backOps;
    }

    private static long enqueue(BackOps backOps) {
        return enqueue(backOps, 1);
    }

    private static long enqueue(BackOps backOps, long number) {
        return backOps.client(DEFINITION)
                .enqueue(() -> Values.of(NUMBER, number))
                .id();
    }

    private static HikariDataSource pool(DataSource dataSource, int size) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(dataSource);
        config.setMaximumPoolSize(size);
        return new HikariDataSource(config);
    }
}
