package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Values;
import dev.backops.testkit.Interceptor;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class PausesTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private static final OperationDefinition BILL = OperationDefinition.named("bill")
            .step(StepDefinition.named("draw"))
            .step(StepDefinition.named("send"))
            .queue("billing");
    private static final OperationDefinition MAIL =
            OperationDefinition.named("mail").step(StepDefinition.named("send"));

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private BackOps backOps;
    private Sql sql;
    private CountDownLatch drawn = new CountDownLatch(0);
    private final AtomicInteger sent = new AtomicInteger();

    @BeforeEach
    void open() {
        sql = new Sql(database.dataSource());
        backOps = builder();
        backOps.client(BILL);
        backOps.client(MAIL);
    }

    @AfterEach
    void close() {
        backOps.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue billing", "operation bill"})
    void pause_holdsWhatIsNotRunning_overRestarts_untilItIsLifted(String what) throws Exception {
        assertThat(pause(what)).isTrue();
        assertThat(pause(what)).isFalse();
        register(backOps).start();
        Enqueued bill = enqueue(BILL);
        Enqueued mail = enqueue(MAIL);

        // It blocks nobody.
        assertThat(backOps.await(mail.id(), LONG)).isEqualTo(Status.COMPLETED);
        await().atMost(LONG).until(() -> backOps.operations().status(bill.id()).orElseThrow() == Status.WAITING);
        assertThat(reason("operations", bill)).isEqualTo(what + " is paused by ann: gateway is down");
        assertThat(reason("unfinished", bill)).isEqualTo(what + " is paused by ann: gateway is down");
        assertThat(backOps.operations().list(Search.of(Status.WAITING)))
                .extracting(OperationInfo::id)
                .containsExactly(bill.id());
        assertThat(backOps.operations().list(Search.of(Status.READY))).isEmpty();
        assertThat(sql.text("SELECT concat_ws(' ', name, who, why) FROM backops.pauses"))
                .isEqualTo((what.startsWith("queue") ? "billing" : "bill") + " ann gateway is down");
        assertThat(backOps.operations().pauses())
                .extracting(PauseInfo::kind, PauseInfo::name, PauseInfo::who, PauseInfo::why)
                .containsExactly(
                        what.startsWith("queue")
                                ? tuple(PauseInfo.Kind.QUEUE, "billing", "ann", "gateway is down")
                                : tuple(PauseInfo.Kind.NAME, "bill", "ann", "gateway is down"));
        OperationInfo<?> held = backOps.operations().find(bill.id()).orElseThrow();
        assertThat(held.reason()).isEqualTo(what + " is paused by ann: gateway is down");
        assertThat(held.queue()).isEqualTo("billing");
        assertThat(backOps.client(BILL)
                        .find(Search.all(), values -> values)
                        .first()
                        .orElseThrow())
                .extracting(OperationInfo::reason, OperationInfo::queue)
                .containsExactly(held.reason(), held.queue());
        assertThat(backOps.operations().find(mail.id()).orElseThrow().queue()).isNull();

        backOps.close();
        backOps = builder();
        register(backOps).start();
        Enqueued again = enqueue(MAIL);
        assertThat(backOps.await(again.id(), LONG)).isEqualTo(Status.COMPLETED);
        assertThat(backOps.operations().status(bill.id())).contains(Status.WAITING);

        assertThat(unpause(what)).isTrue();
        assertThat(unpause(what)).isFalse();
        assertThat(backOps.await(bill.id(), LONG)).isEqualTo(Status.COMPLETED);
        assertThat(sql.texts("SELECT concat_ws(' ', act, who, why, before ->> 'paused', after ->> 'paused')"
                        + " FROM backops.audit WHERE operation_id IS NULL ORDER BY id"))
                .containsExactly(
                        (what.startsWith("queue") ? "pause_queue" : "pause_name") + " ann gateway is down false true",
                        (what.startsWith("queue") ? "unpause_queue" : "unpause_name") + " bob it is back true false");
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue billing", "operation bill"})
    void pause_stopsWhatRunsBehindItsStep(String what) throws Exception {
        drawn = new CountDownLatch(1);
        register(backOps).start();
        Enqueued bill = enqueue(BILL);
        await().atMost(LONG).until(() -> backOps.operations().status(bill.id()).orElseThrow() == Status.RUNNING);
        pause(what);
        // The loop that puts these aside has heard of both pauses then.
        backOps.operations().pauseName("mail");
        Enqueued mail = enqueue(MAIL);
        await().atMost(LONG)
                .until(() -> sql.text("SELECT state FROM backops.work WHERE operation_id = ?", mail.id())
                        .equals("waiting"));
        drawn.countDown();

        await().atMost(LONG).until(() -> backOps.operations().status(bill.id()).orElseThrow() == Status.WAITING);
        assertThat(sql.texts("SELECT name FROM backops.step")).containsExactly("draw");
        assertThat(sent).hasValue(0);

        unpause(what);
        assertThat(backOps.await(bill.id(), LONG)).isEqualTo(Status.COMPLETED);
        assertThat(sql.texts("SELECT name FROM backops.step ORDER BY seq")).containsExactly("draw", "send");
    }

    /** Its next look would be a minute away. */
    @Test
    void endOfAPause_wakesThoseWhoSleep() throws Exception {
        backOps.close();
        backOps = BackOps.builder(database.dataSource())
                .lease(Duration.ofMinutes(30))
                .pollInterval(Duration.ofMinutes(1))
                .build();
        sql.text("SELECT backops.pause_queue('billing')");
        Enqueued bill = enqueue(BILL);
        register(backOps).start();
        await().atMost(LONG).until(() -> sql.number("SELECT count(*) FROM backops.worker WHERE idle") == 1);
        sql.execute("UPDATE backops.work SET state = 'ready'");

        sql.text("SELECT backops.unpause_queue('billing')");

        assertThat(backOps.await(bill.id(), LONG)).isEqualTo(Status.COMPLETED);
    }

    /** Nobody tells this process, and its own look at the pauses is minutes away. */
    @Test
    void pauseThatIsLiftedElsewhere_isNoticedWithTheNextClaim() throws Exception {
        backOps.close();
        backOps = BackOps.builder(database.dataSource())
                .lease(Duration.ofMinutes(30))
                .pollInterval(Duration.ofMillis(50))
                .build();
        register(backOps).start();
        backOps.operations().pauseQueue("billing");
        Enqueued before = enqueue(BILL);
        // The loop that puts it aside has heard of the pause then.
        backOps.operations().pauseName("mail");
        await().atMost(LONG)
                .until(() -> backOps.operations().status(before.id()).orElseThrow() == Status.WAITING);

        sql.text("SELECT backops.unpause_queue('billing')");
        Enqueued after = enqueue(BILL);

        assertThat(backOps.await(after.id(), LONG)).isEqualTo(Status.COMPLETED);
        assertThat(backOps.await(before.id(), LONG)).isEqualTo(Status.COMPLETED);
    }

    @Test
    void pause_besideALockOnWhatRuns_losesNothing() throws Exception {
        drawn = new CountDownLatch(1);
        Interceptor interceptor = new Interceptor(database.dataSource());
        backOps.close();
        backOps = builder(interceptor.dataSource());
        register(backOps).start();
        Enqueued bill = enqueue(BILL);
        await().atMost(LONG).until(() -> backOps.operations().status(bill.id()).orElseThrow() == Status.RUNNING);
        pause("operation bill");
        backOps.operations().pauseName("mail");
        Enqueued mail = enqueue(MAIL);
        await().atMost(LONG)
                .until(() -> sql.text("SELECT state FROM backops.work WHERE operation_id = ?", mail.id())
                        .equals("waiting"));
        try (Handle psql = database.jdbi().open()) {
            CountDownLatch released = new CountDownLatch(1);
            interceptor.before("ON w.operation_id = ANY(ARRAY[t.id]) AND w.token = t.token", () -> {
                psql.begin().execute("SELECT FROM backops.work WHERE operation_id = ? FOR UPDATE", bill.id());
                CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS).execute(() -> {
                    psql.rollback();
                    released.countDown();
                });
            });
            drawn.countDown();
            assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
        }

        unpause("operation bill");
        assertThat(backOps.await(bill.id(), LONG)).isEqualTo(Status.COMPLETED);
    }

    @Test
    void pauseOfANameThatIsNot_isRefused() {
        assertThatThrownBy(() -> backOps.operations().pauseName("bil"))
                .isInstanceOf(OperationNotFoundException.class)
                .hasMessageContaining("There is no operation named bil");
    }

    @Test
    void sqlFunctions_doTheSame() {
        assertThat(sql.text("SELECT backops.pause_queue('billing', who => 'ann', why => 'audit')"))
                .isEqualTo("t");
        assertThat(sql.text("SELECT backops.pause_name('bill')")).isEqualTo("t");
        assertThat(sql.texts("SELECT kind || ' ' || name FROM backops.pauses ORDER BY 1"))
                .containsExactly("name bill", "queue billing");
        assertThat(sql.text("SELECT backops.unpause_queue('billing')")).isEqualTo("t");
        assertThat(sql.text("SELECT backops.unpause_name('bill')")).isEqualTo("t");
        assertThat(sql.number("SELECT count(*) FROM backops.pauses")).isZero();
    }

    private boolean pause(String what) {
        Operations operations = backOps.operations().by("ann", "gateway is down");
        return what.startsWith("queue") ? operations.pauseQueue("billing") : operations.pauseName("bill");
    }

    private boolean unpause(String what) {
        Operations operations = backOps.operations().by("bob", "it is back");
        return what.startsWith("queue") ? operations.unpauseQueue("billing") : operations.unpauseName("bill");
    }

    private String reason(String view, Enqueued one) {
        return sql.text("SELECT reason FROM backops." + view + " WHERE id = ?", one.id());
    }

    private Enqueued enqueue(OperationDefinition definition) {
        return backOps.client(definition).enqueue(Values::none);
    }

    private BackOps builder() {
        return builder(database.dataSource());
    }

    private static BackOps builder(DataSource dataSource) {
        return BackOps.builder(dataSource)
                .lease(Duration.ofSeconds(3))
                .pollInterval(Duration.ofMillis(50))
                .build();
    }

    private BackOps register(BackOps one) {
        return one.register(OperationSteps.of(BILL)
                        .step("draw", (values, run) -> {
                            drawn.await();
                            return StepResult.none();
                        })
                        .step("send", (values, run) -> {
                            sent.incrementAndGet();
                            return StepResult.none();
                        }))
                .register(OperationSteps.of(MAIL).step("send", (values, run) -> StepResult.none()));
    }
}
