package dev.backops.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepBody;
import dev.backops.codegen.StepResult;
import dev.backops.testkit.Order;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

@Timeout(30)
class StepRunnerTest {

    private final StepRunner runner = new StepRunner(
            "installation",
            (run, step) -> {
                throw new AssertionError("Not a transactional step");
            },
            List.of(),
            () -> {});

    @Test
    void step_seesWhatItIsPartOf() {
        Execution run = running((values, step) -> {
            assertThat(values.json()).isEqualTo(Map.of("number", 42));
            assertThat(step.operationId()).isEqualTo(1);
            assertThat(step.step()).isEqualTo("charge");
            assertThat(step.attempt()).isEqualTo(1);
            assertThat(step.lastAttempt()).isFalse();
            assertThat(step.idempotencyKey()).startsWith("installation-1-0");
            assertThat(MDC.get("operationId")).isEqualTo("1");
            assertThat(runner.running()).containsExactly(1L);
            return StepResult.of(Order.RECEIPT, "r1");
        });

        JournalEntry entry = run(run);

        assertThat(entry.transition()).isInstanceOf(Transition.Proceed.class);
        assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
        assertThat(runner.running()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void exception_whoseMethodsThrow_isAFailedAttempt(boolean errors) {
        JournalEntry entry = run(running((values, step) -> {
            throw new ErrorReportTest.Nasty(errors);
        }));

        assertThat(entry.transition()).isInstanceOf(Transition.RetryIn.class);
        assertThat(entry.failedRow().errorClass()).isEqualTo(ErrorReportTest.Nasty.class.getName());
    }

    @Test
    void error_ofTheJvm_isAFailedAttempt() {
        assertThat(run(running((values, step) -> {
                            throw new StackOverflowError();
                        }))
                        .transition())
                .isInstanceOf(Transition.RetryIn.class);
    }

    @Test
    void interrupt_ofAnotherWorker_doesNotHitTheStep() {
        Execution run = running((values, step) -> {
            runner.interrupt(Runs.WORKER + 1);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            return StepResult.of(Order.RECEIPT, "r1");
        });

        assertThat(run(run).transition()).isInstanceOf(Transition.Proceed.class);
    }

    @Test
    void interrupt_ofItsWorker_hitsTheStep() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        Execution run = running((values, step) -> {
            started.countDown();
            new CountDownLatch(1).await();
            return StepResult.none();
        });
        CompletableFuture<JournalEntry> entry = CompletableFuture.supplyAsync(() -> run(run));
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();

        runner.interrupt(Runs.WORKER);

        await().until(entry::isDone);
        assertThat(entry.get().failedRow().errorClass()).isEqualTo("java.lang.InterruptedException");
    }

    @Test
    void interrupt_thatTheStepDidNotNotice_doesNotHitTheNext() {
        run(running((values, step) -> {
            runner.interrupt(Runs.WORKER);
            return StepResult.of(Order.RECEIPT, "r1");
        }));

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    private JournalEntry run(Execution execution) {
        return ((StepOutcome.ToRecord) runner.run(execution)).entry();
    }

    private static Execution running(StepBody charge) {
        OperationSteps steps = OperationSteps.of(Order.DEFINITION).step("charge", charge);
        StoredDefinition definition = Runs.stored(steps);
        return new Execution(
                1,
                Runs.WORKER,
                3,
                definition,
                definition.step("charge"),
                0,
                0,
                Map.of("number", 42),
                Map.of(),
                /* lastMain= */ null,
                /* past= */ null,
                /* compensating= */ false);
    }
}
