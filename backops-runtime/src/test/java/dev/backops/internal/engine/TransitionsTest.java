package dev.backops.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.Status;
import dev.backops.StepAbortedException;
import dev.backops.StoredValueException;
import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.RetryPolicy;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Types;
import dev.backops.testkit.Order;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TransitionsTest {

    private static final OperationDefinition ORDER =
            Order.definition(RetryPolicy.of(3, "PT1S", 2, "PT1H", 0.5, IOException.class));

    @Test
    void middleStep_proceedsToTheNextOneWithItsOutputs() {
        Execution run = run("charge", 4, 2, Map.of("other", 1));

        Transition.Proceed proceed = (Transition.Proceed)
                Transitions.finished(run, StepResult.of(Order.RECEIPT, "r1").and(Order.NOTE, "fragile"));

        assertThat(proceed.run()).isSameAs(run);
        assertThat(proceed.outputs()).isEqualTo("{\"receipt\":\"r1\",\"note\":\"fragile\"}");
        Execution next = proceed.next();
        assertThat(next.step().name()).isEqualTo("ship");
        assertThat(next.seq()).isEqualTo(5);
        assertThat(next.attempt()).isEqualTo(1);
        assertThat(next.outputs()).isEqualTo(Map.of("other", 1, "receipt", "r1", "note", "fragile"));
        assertThat(next.params()).isEqualTo(run.params());
        assertThat(List.of(next.id(), next.worker(), (long) next.token()))
                .isEqualTo(List.of(run.id(), run.worker(), (long) run.token()));
        assertThat(proceed.size()).isEqualTo("{'receipt':'r1','note':'fragile'}".length());
    }

    @Test
    void nullableOutput_thatIsNotReturned_isUnset() {
        Execution run = run("charge", 0, 0, Map.of("receipt", "old", "note", "old"));

        Transition.Proceed proceed = (Transition.Proceed) Transitions.finished(run, StepResult.of(Order.RECEIPT, "r1"));

        assertThat(proceed.outputs()).isEqualTo("{\"receipt\":\"r1\",\"note\":null}");
        assertThat(proceed.next().outputs()).isEqualTo(Map.of("receipt", "r1"));
    }

    @Test
    void value_thatIsNoOutputOfTheStep_isLeftOut() {
        StepResult result = StepResult.of(Order.RECEIPT, "r1").and(Field.required("other", Types.INT), 1);

        Transition.Proceed proceed = (Transition.Proceed) Transitions.finished(run("charge", 0, 0, Map.of()), result);

        assertThat(proceed.next().outputs()).containsOnlyKeys("receipt");
    }

    @Test
    void stepWithoutOutputs_writesNone() {
        Transition.Proceed proceed = (Transition.Proceed)
                Transitions.finished(run("ship", 1, 0, Map.of("receipt", "r1")), StepResult.none());

        assertThat(proceed.outputs()).isNull();
        assertThat(proceed.next().outputs()).isEqualTo(Map.of("receipt", "r1"));
        assertThat(proceed.size()).isZero();
    }

    @Test
    void lastStep_completesWithAllOutputs() {
        Execution run = run("thank", 2, 0, Map.of("receipt", "r1"));

        Transition.End end = (Transition.End) Transitions.finished(run, StepResult.none());

        assertThat(end.run()).isSameAs(run);
        assertThat(end.outcome()).isEqualTo(Status.COMPLETED);
        assertThat(end.outputs()).isNull();
        assertThat(end.finalOutputs()).isEqualTo("{\"receipt\":\"r1\"}");
        assertThat(end.size()).isEqualTo(end.finalOutputs().length());
    }

    @Test
    void operation_followsTheStepsItWasEnqueuedWith() {
        OperationDefinition earlier = OperationDefinition.named("orders.order")
                .step(StepDefinition.named("thank"))
                .step(StepDefinition.named("charge"));
        StoredDefinition stored = Runs.stored(earlier, Order.steps(ORDER, new Order.Steps() {}));

        Transition thanked = Transitions.finished(run(stored, "thank", 0, 0, Map.of()), StepResult.none());
        Transition charged =
                Transitions.finished(run(stored, "charge", 1, 0, Map.of()), StepResult.of(Order.RECEIPT, "r1"));

        assertThat(((Transition.Proceed) thanked).next().step().name()).isEqualTo("charge");
        assertThat(((Transition.End) charged).finalOutputs()).isEqualTo("{\"receipt\":\"r1\"}");
    }

    @ParameterizedTest
    @CsvSource({"0, 0.5, PT1S", "1, 0.5, PT2S", "1, 0, PT1S", "1, 1, PT3S"})
    void failedAttempt_isTriedAgainAfterItsWait(int failedBefore, double chance, Duration delay) {
        Execution run = run("ship", 1, failedBefore, Map.of());

        Transition.RetryIn retry =
                (Transition.RetryIn) Transitions.failed(run, new IllegalStateException("no van"), chance);

        assertThat(retry.run()).isSameAs(run);
        assertThat(retry.delay()).isEqualTo(delay);
        assertThat(retry.error().message()).isEqualTo("no van");
        assertThat(retry.size()).isEqualTo(retry.error().stackTrace().length() + 6);
    }

    @Test
    void lastAttempt_fails() {
        Transition transition =
                Transitions.failed(run("ship", 1, 2, Map.of()), new IllegalStateException("no van"), 0.5);

        assertThat(transition).isInstanceOf(Transition.Fail.class);
        assertThat(((Transition.Fail) transition).error().errorClass()).isEqualTo("java.lang.IllegalStateException");
        assertThat(Transitions.failed(run("ship", 1, 9, Map.of()), new IllegalStateException(), 0.5))
                .isInstanceOf(Transition.Fail.class);
    }

    static Stream<Throwable> hopeless() {
        return Stream.of(
                new IOException(),
                new FileNotFoundException(),
                new StepAbortedException("no use"),
                new StepAbortedException("no use") {},
                new StoredValueException("\"number\" is not set"));
    }

    @ParameterizedTest
    @MethodSource("hopeless")
    void error_afterWhichAnotherAttemptIsOfNoUse_fails(Throwable error) {
        assertThat(Transitions.failed(run("ship", 1, 0, Map.of()), error, 0.5)).isInstanceOf(Transition.Fail.class);
    }

    static Stream<Throwable> passing() {
        return Stream.of(
                new IllegalStateException(new IOException("only as the cause")),
                new Exception(),
                new InterruptedException(),
                new OutOfMemoryError(),
                new Throwable());
    }

    @ParameterizedTest
    @MethodSource("passing")
    void error_ofAnyOtherKind_isTriedAgain(Throwable error) {
        assertThat(Transitions.failed(run("ship", 1, 0, Map.of()), error, 0.5)).isInstanceOf(Transition.RetryIn.class);
    }

    /* An exception instead of a transition would leave the operation in nobody's hands. */
    @Test
    void failureBranch_whoseTimeCannotBeRead_isNotEntered() {
        OperationDefinition order = OperationDefinition.named("orders.order")
                .step(StepDefinition.named("charge").onFailure("undo"))
                .step(StepDefinition.named("refund").branch("undo").at("when"));
        OperationSteps code = OperationSteps.of(order)
                .step("charge", (values, run) -> StepResult.none())
                .step("refund", (values, run) -> StepResult.none());

        Transition transition = Transitions.failed(
                run(Runs.stored(order, code), "charge", 0, 0, Map.of()), new StepAbortedException("no use"), 0.5);

        assertThat(transition).isInstanceOf(Transition.Fail.class);
        assertThat(((Transition.Fail) transition).error().message()).isEqualTo("no use");
    }

    private static Execution run(String step, int seq, int failed, Map<String, Object> outputs) {
        StoredDefinition definition = Runs.stored(ORDER, Order.steps(ORDER, new Order.Steps() {}));
        return run(definition, step, seq, failed, outputs);
    }

    private static Execution run(
            StoredDefinition definition, String step, int seq, int failed, Map<String, Object> outputs) {
        return new Execution(
                1,
                7,
                3,
                definition,
                definition.step(step),
                seq,
                failed,
                Map.of("number", 42, "when", "tomorrow"),
                outputs,
                /* lastMain= */ null,
                /* past= */ null,
                /* compensating= */ false);
    }
}
