package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.RetryPolicy;
import dev.backops.codegen.StepBody;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Values;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What reaches a running step from outside, and what it says itself. */
@Timeout(60)
class UnwantedStepTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private static final OperationDefinition DEFINITION = OperationDefinition.named("run.unwanted")
            .step(StepDefinition.named("work").retry(RetryPolicy.of(1, "PT0.01S", 1, "PT1S", 0)))
            .step(StepDefinition.named("more"));

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private volatile CountDownLatch entered = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();
    private Sql sql;

    @BeforeEach
    void open() {
        sql = new Sql(database.dataSource());
    }

    @Test
    void cancelNow_interruptsTheStep() throws Exception {
        try (BackOps backOps = started(this::untilInterrupted)) {
            long id = entered(backOps);

            assertThat(backOps.operations().cancelNow(id)).isFalse();

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.CANCELLED);
            assertThat(backOps.operations().failures(id))
                    .extracting(FailureInfo::errorClass)
                    .containsExactly("java.lang.InterruptedException");
        }
    }

    @Test
    void cancelNow_inAnotherProcess_interruptsTheStepWithAHeartbeat() throws Exception {
        try (BackOps backOps = started(this::untilInterrupted);
                BackOps other = BackOps.builder(database.dataSource()).build()) {
            long id = entered(backOps);

            assertThat(other.operations().cancelNow(id)).isFalse();

            assertThat(other.await(id, LONG)).isEqualTo(Status.CANCELLED);
        }
    }

    @Test
    void cancelNow_ofATransactionalStep_stopsItsStatement() throws Exception {
        OperationDefinition transactional = OperationDefinition.named("run.statement")
                .step(StepDefinition.named("work").transactional());
        String sleeping =
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
        try (BackOps backOps =
                started(OperationSteps.of(transactional).transactionalStep("work", (values, run, handle) -> {
                    handle.select("SELECT pg_sleep(60)").mapTo(String.class).findOne();
                    return StepResult.none();
                }))) {
            long id = backOps.client(transactional).enqueue(Values::none).id();
            await().atMost(LONG).until(() -> sql.number(sleeping) == 1);

            assertThat(backOps.operations().cancelNow(id)).isFalse();

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.CANCELLED);
            assertThat(sql.number(sleeping)).isZero();
            assertThat(backOps.operations().failures(id)).hasSize(1);
        }
    }

    @Test
    void pauseNow_interruptsTheStepAndIsNeverItsLastAttempt() throws Exception {
        try (BackOps backOps = started((values, run) -> {
            entered.countDown();
            if (calls.incrementAndGet() == 1) {
                new CountDownLatch(1).await();
            }
            return StepResult.none();
        })) {
            long id = entered(backOps);

            assertThat(backOps.operations().pauseNow(id)).isFalse();

            awaitStatus(backOps, id, Status.PAUSED);
            backOps.operations().unpause(id);
            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);
            assertThat(calls).hasValue(2);
        }
    }

    @Test
    void repairsOfAllFound_interruptTheirSteps() throws Exception {
        try (BackOps backOps = started(this::untilInterrupted)) {
            long id = entered(backOps);
            Repairs running =
                    backOps.operations().repair(Search.of(Status.RUNNING)).by("ann", "shop closes");

            assertThat(running.pauseNow().repaired()).containsOnlyKeys(id);
            awaitStatus(backOps, id, Status.PAUSED);
            entered = new CountDownLatch(1);
            backOps.operations().unpause(id);
            entered.await();
            assertThat(running.cancelNow().repaired()).containsOnlyKeys(id);

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.CANCELLED);
            assertThat(sql.texts("SELECT act || ' by ' || who FROM backops.audit ORDER BY id"))
                    .startsWith("pause by ann")
                    .endsWith("cancel by ann");
        }
    }

    @Test
    void cancel_letsTheStepKnowAndTakesItsResult() throws Exception {
        try (BackOps backOps = started((values, run) -> {
            entered.countDown();
            while (!run.cancelled()) {
                Thread.sleep(5);
            }
            return StepResult.none();
        })) {
            long id = entered(backOps);

            backOps.operations().cancel(id);

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.CANCELLED);
            assertThat(backOps.operations().steps(id).get(0).status()).isEqualTo(StepStatus.COMPLETED);
            assertThat(backOps.operations().failures(id)).isEmpty();
        }
    }

    @Test
    void wish_isObeyedWhenTheProcessStopsInTheMiddleOfTheStep() throws Exception {
        long paused;
        try (BackOps backOps = started(this::untilInterrupted)) {
            paused = entered(backOps);
            assertThat(backOps.operations().pause(paused)).isFalse();
        }
        assertThat(sql.texts("SELECT state || coalesce(wanted, '') FROM backops.work"))
                .containsExactly("paused");
    }

    @Test
    void wishToCancel_isObeyedWhenTheProcessStopsInTheMiddleOfTheStep() throws Exception {
        try (BackOps backOps = started(this::untilInterrupted)) {
            assertThat(backOps.operations().cancel(entered(backOps))).isFalse();
        }
        assertThat(sql.texts("SELECT status FROM backops.operations")).containsExactly("cancelled");
        assertThat(sql.number("SELECT count(*) FROM backops.operation WHERE finished_at IS NOT NULL"))
                .isEqualTo(1);
    }

    @Test
    void progress_isShownWhileTheStepRuns() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        try (BackOps backOps = started(OperationSteps.of(DEFINITION)
                .step("work", (values, run) -> {
                    run.progress("1 of 2 \0" + "x".repeat(1_000));
                    entered.countDown();
                    first.await();
                    run.progress("2 of 2");
                    second.await();
                    return StepResult.none();
                })
                .step("more", (values, run) -> {
                    new CountDownLatch(1).await();
                    return StepResult.none();
                }))) {
            entered(backOps);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(notes())
                            .allSatisfy(note ->
                                    assertThat(note).startsWith("1 of 2 ␀xxx").hasSizeLessThan(600)));
            first.countDown();
            await().atMost(LONG).untilAsserted(() -> assertThat(notes()).containsExactly("2 of 2"));
            assertThat(backOps.operations().list(Search.of(Status.RUNNING)))
                    .extracting(OperationInfo::note)
                    .containsExactly("2 of 2");
            second.countDown();
            await().atMost(LONG).until(() -> sql.number("SELECT steps_done FROM backops.operation") == 1);
            assertThat(sql.texts("SELECT coalesce(note, 'none') FROM backops.operations"))
                    .containsExactly("none");
        }
    }

    private List<String> notes() {
        List<String> notes = sql.texts("SELECT note FROM backops.operations WHERE note IS NOT NULL");
        assertThat(notes).hasSize(1);
        return notes;
    }

    private StepResult untilInterrupted(Values values, StepRun run) throws InterruptedException {
        entered.countDown();
        new CountDownLatch(1).await();
        return StepResult.none();
    }

    private long entered(BackOps backOps) throws InterruptedException {
        long id = backOps.client(DEFINITION).enqueue(Values::none).id();
        entered.await();
        return id;
    }

    private static void awaitStatus(BackOps backOps, long id, Status status) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(backOps.operations().status(id)).contains(status));
    }

    private BackOps started(StepBody work) {
        return started(
                OperationSteps.of(DEFINITION).step("work", work).step("more", (values, run) -> StepResult.none()));
    }

    private BackOps started(OperationSteps steps) {
        BackOps backOps = BackOps.builder(database.dataSource())
                .lease(Duration.ofSeconds(6))
                .pollInterval(Duration.ofMillis(50))
                .gracePeriod(Duration.ofMillis(100))
                .build();
        backOps.register(steps);
        backOps.start();
        return backOps;
    }
}
