package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.RetryPolicy;
import dev.backops.codegen.StepBody;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.TransactionalStepBody;
import dev.backops.codegen.Values;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a step sees of its run, and its time limit. */
class StepRunTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final RetryPolicy TWICE = RetryPolicy.of(2, "PT0.01S", 1, "PT1S", 0);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    @Test
    void timeout_interruptsTheStepAndFailsTheAttempt() throws Exception {
        try (BackOps backOps = started("PT0.2S", (values, run) -> {
            new CountDownLatch(1).await();
            return StepResult.none();
        })) {
            long id = enqueue(backOps);

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.FAILED);

            assertThat(backOps.operations().failures(id)).hasSize(2).allSatisfy(failure -> {
                assertThat(failure.errorClass()).isEqualTo(StepTimeoutException.class.getName());
                assertThat(failure.message()).isEqualTo("Step work took longer than PT0.2S");
                assertThat(failure.stackTrace()).contains("Caused by: java.lang.InterruptedException");
            });
        }
    }

    @Test
    void timeout_thatTheStepDoesNotNotice_endsWithItsThreadAndCountsAsDone() throws Exception {
        AtomicInteger runningNow = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (BackOps backOps = started("PT0.1S", (values, run) -> {
            most.accumulateAndGet(runningNow.incrementAndGet(), Math::max);
            Instant end = Instant.now().plusMillis(700);
            while (Instant.now().isBefore(end)) {
                Thread.onSpinWait();
            }
            seen.add("cancelled " + run.cancelled());
            runningNow.decrementAndGet();
            return StepResult.none();
        })) {
            long id = enqueue(backOps);

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);

            assertThat(most).hasValue(1);
            assertThat(seen).containsExactly("cancelled true");
            assertThat(backOps.operations().failures(id)).isEmpty();
        }
    }

    @Test
    void timeout_ofOneStep_doesNotHitTheNext() throws Exception {
        OperationDefinition definition = OperationDefinition.named("run.two")
                .step(StepDefinition.named("quick").timeout("PT0.3S"))
                .step(StepDefinition.named("slow"));
        try (BackOps backOps = started(OperationSteps.of(definition)
                .step("quick", (values, run) -> StepResult.none())
                .step("slow", (values, run) -> {
                    Thread.sleep(600);
                    return StepResult.none();
                }))) {
            long id = backOps.client(definition).enqueue(Values::none).id();

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);
            assertThat(backOps.operations().failures(id)).isEmpty();
        }
    }

    @Test
    void timeout_ofATransactionalStep_stopsItsStatement() throws Exception {
        try (BackOps backOps = transactional("PT0.3S", (values, run, handle) -> {
            handle.select("SELECT pg_sleep(60)").mapTo(String.class).findOne();
            return StepResult.none();
        })) {
            Instant start = Instant.now();
            long id = enqueue(backOps);

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.FAILED);

            assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(20));
            assertThat(backOps.operations().failures(id))
                    .hasSize(2)
                    .extracting(FailureInfo::errorClass)
                    .containsOnly(StepTimeoutException.class.getName());
        }
    }

    @Test
    void stepThatAborts_afterItsTimeIsUp_isNotTriedAgain() throws Exception {
        try (BackOps backOps = started("PT0.1S", (values, run) -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new StepAbortedException("in vain", e);
            }
            return StepResult.none();
        })) {
            long id = enqueue(backOps);

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.FAILED);
            assertThat(backOps.operations().failures(id))
                    .extracting(FailureInfo::message)
                    .containsExactly("in vain");
        }
    }

    @Test
    void deadline_isWhenTheTimeoutIsOver() throws Exception {
        List<Optional<Instant>> deadlines = new ArrayList<>();
        try (BackOps backOps = started("PT1H", (values, run) -> {
            deadlines.add(run.deadline());
            return StepResult.none();
        })) {
            backOps.await(enqueue(backOps), LONG);

            Instant now = Instant.now();
            assertThat(deadlines.get(0))
                    .hasValueSatisfying(
                            deadline -> assertThat(deadline).isBetween(now.plusSeconds(3_500), now.plusSeconds(3_601)));
        }
    }

    @Test
    void idempotencyKey_ofAnEarlierStep_isTheOneItSaw_alsoAfterARestartAndInAFailureBranch() throws Exception {
        OperationDefinition definition = OperationDefinition.named("run.keys")
                .step(StepDefinition.named("charge").jumps("charge"))
                .step(StepDefinition.named("ship").retry(TWICE).onFailure("undo"))
                .step(StepDefinition.named("refund").branch("undo"));
        AtomicInteger charges = new AtomicInteger();
        OperationSteps steps = OperationSteps.of(definition)
                .step("charge", (values, run) -> {
                    seen.add("charge " + run.idempotencyKey());
                    assertThatThrownBy(() -> run.idempotencyKey("ship"))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("has not run a step ship");
                    return StepResult.none().jump(charges.incrementAndGet() == 1 ? "charge" : null);
                })
                .step("ship", (values, run) -> {
                    seen.add("ship " + run.idempotencyKey() + " after " + run.idempotencyKey("charge"));
                    throw new IllegalStateException("no van");
                })
                .step("refund", (values, run) -> {
                    seen.add("refund " + run.idempotencyKey("charge") + " and " + run.idempotencyKey("ship"));
                    return StepResult.none();
                });
        try (BackOps backOps = started(steps)) {
            long id = backOps.client(definition).enqueue(Values::none).id();

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPENSATED);
        }
        String charged = seen.get(1).substring("charge ".length());
        String shipped = seen.get(2).substring("ship ".length(), seen.get(2).indexOf(" after"));
        assertThat(seen.get(0)).isNotEqualTo(seen.get(1));
        assertThat(seen.subList(2, 5))
                .containsExactly(
                        "ship " + shipped + " after " + charged,
                        "ship " + shipped + " after " + charged,
                        "refund " + charged + " and " + shipped);
    }

    @Test
    void run_forTest_answersEverything() {
        StepRun run = StepRun.forTest();

        assertThat(run.idempotencyKey("charge")).isEqualTo(run.idempotencyKey("charge"));
        assertThat(run.deadline()).isEmpty();
        assertThat(run.cancelled()).isFalse();
        assertThat(run.operation()).isEqualTo("test");
    }

    private static OperationDefinition definition(String timeout) {
        return OperationDefinition.named("run.work")
                .step(StepDefinition.named("work").timeout(timeout).retry(TWICE));
    }

    private BackOps started(String timeout, StepBody work) {
        return started(OperationSteps.of(definition(timeout)).step("work", work));
    }

    private BackOps transactional(String timeout, TransactionalStepBody work) {
        OperationDefinition definition = OperationDefinition.named("run.work")
                .step(StepDefinition.named("work").timeout(timeout).retry(TWICE).transactional());
        return started(OperationSteps.of(definition).transactionalStep("work", work));
    }

    private BackOps started(OperationSteps steps) {
        BackOps backOps = BackOps.builder(database.dataSource())
                .pollInterval(Duration.ofMillis(50))
                .gracePeriod(Duration.ofSeconds(2))
                .build();
        backOps.register(steps);
        backOps.start();
        return backOps;
    }

    private static long enqueue(BackOps backOps) {
        return backOps.client(definition("PT1H")).enqueue(Values::none).id();
    }
}
