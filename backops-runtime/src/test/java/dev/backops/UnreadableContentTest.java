package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.RetryPolicy;
import dev.backops.codegen.StepBody;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Types;
import dev.backops.codegen.ValueType;
import dev.backops.codegen.Values;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TestDatabase;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a step throws or returns, and whatever somebody writes into a row, its operation says so and others go on. */
@Timeout(60)
class UnreadableContentTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    enum Colour {
        RED
    }

    private static final Field<Integer> NUMBER = Field.required("number", Types.INT);
    private static final Field<Colour> COLOUR = Field.nullable("colour", Types.enumOf("Colour", Colour.values()));
    private static final Field<String> TEXT = Field.nullable("text", Types.STRING);

    /** Of a type that lets numbers through which no column takes. */
    private static final Field<BigDecimal> SUM =
            Field.nullable("sum", new ValueType<>("anything", value -> value, BigDecimal.class::cast));

    private static final OperationDefinition DEFINITION = OperationDefinition.named("data.work")
            .params(NUMBER, COLOUR)
            .step(StepDefinition.named("work")
                    .reads("number")
                    .mayRead("colour")
                    .outputs(TEXT, SUM)
                    .retry(RetryPolicy.of(1, "PT1S", 1, "PT1S", 0)));

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    static Stream<Arguments> errors() {
        IllegalStateException circle = new IllegalStateException("one");
        circle.initCause(new IllegalStateException("other", circle));
        IllegalStateException suppressed = new IllegalStateException("close");
        IllegalStateException suppressing = new IllegalStateException("work");
        suppressing.addSuppressed(suppressed);
        suppressed.addSuppressed(suppressing);
        return Stream.of(
                error(new IllegalStateException("a\0b"), "a␀b"),
                error(new IllegalStateException("half \uD83D of a pair"), "half \uFFFD of a pair"),
                error(new IllegalStateException("m".repeat(5_000_000)), "mmmm"),
                error(circle, "one"),
                error(suppressing, "work"),
                error(new Unreadable(), "could not be read"),
                error(new StackOverflowError("deep"), "deep"),
                error(new OutOfMemoryError("not really"), "not really"),
                error(new AssertionError("so what"), "so what"));
    }

    private static Arguments error(Throwable error, String message) {
        return Arguments.of(error.getClass().getSimpleName() + " " + message, error, message);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("errors")
    void error_ofAStep_isStoredReadably(String name, Throwable error, String message) throws Exception {
        failAndLetOthersGoOn(
                (values, run) -> {
                    if (error instanceof Exception exception) {
                        throw exception;
                    }
                    throw (Error) error;
                },
                error.getClass().getName(),
                message);
    }

    @Test
    void output_withACharacterThatPostgresRefuses_failsTheAttempt() throws Exception {
        failAndLetOthersGoOn(
                (values, run) -> StepResult.of(TEXT, "a\0b"), IllegalArgumentException.class.getName(), "\"text\"");
    }

    @Test
    void output_thatPostgresRefuses_failsTheOperation() throws Exception {
        failAndLetOthersGoOn(
                (values, run) -> StepResult.of(SUM, new BigDecimal("1E+200000")),
                "dev.backops.UnstorableOutcome",
                "SQLSTATE 22003");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1]|not a JSON object",
                "7|not a JSON object",
                "{}|\"number\" is not set",
                "{\"number\": null}|\"number\" is not set",
                "{\"number\": \"seven\"}|\"number\" is not a",
                "{\"number\": 3000000000}|\"number\" is not a",
                "{\"number\": 1e400}|\"number\" is not a",
                "{\"number\": 7, \"colour\": \"MAUVE\"}|\"colour\" is not a",
                "{\"number\": {\"a\": [1]}}|\"number\" is not a"
            })
    void params_editedToNonsense_failTheOperation(String params, String message) throws Exception {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            long edited = enqueue(backOps, 1);
            new Sql(database.dataSource())
                    .execute("UPDATE backops.operation SET params = ?::jsonb WHERE id = ?", params, edited);
            long other = enqueue(backOps, 2);
            start(backOps, UnreadableContentTest::work);

            assertThat(backOps.await(edited, LONG)).isEqualTo(Status.FAILED);
            assertThat(backOps.await(other, LONG)).isEqualTo(Status.COMPLETED);

            FailureInfo failure = backOps.operations().failures(edited).get(0);
            assertThat(failure.errorClass()).isEqualTo(StoredValueException.class.getName());
            assertThat(failure.message()).contains(message).doesNotContain("MAUVE", "seven", "3000000000");
        }
    }

    private void failAndLetOthersGoOn(StepBody work, String errorClass, String message) throws Exception {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            start(backOps, (values, run) -> values.get(NUMBER) == 1 ? work.call(values, run) : work(values, run));
            long bad = enqueue(backOps, 1);
            long other = enqueue(backOps, 2);

            assertThat(backOps.await(bad, LONG)).isEqualTo(Status.FAILED);
            assertThat(backOps.await(other, LONG)).isEqualTo(Status.COMPLETED);

            assertThat(backOps.operations().failures(bad)).singleElement().satisfies(failure -> {
                assertThat(failure.errorClass()).isEqualTo(errorClass);
                assertThat(failure.message()).contains(message).hasSizeLessThan(11_000);
            });
        }
    }

    private static StepResult work(Values values, StepRun run) {
        values.find(COLOUR);
        return StepResult.of(TEXT, "number " + values.get(NUMBER));
    }

    private static void start(BackOps backOps, StepBody work) {
        backOps.register(OperationSteps.of(DEFINITION).step("work", work));
        backOps.start();
    }

    private static long enqueue(BackOps backOps, int number) {
        return backOps.client(DEFINITION)
                .enqueue(() -> Values.of(NUMBER, number))
                .id();
    }

    /** An exception whose methods are broken. */
    private static final class Unreadable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new UnsupportedOperationException("on purpose");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new UnsupportedOperationException("on purpose");
        }
    }
}
