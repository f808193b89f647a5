package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;

import dev.backops.processor.Compiled.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryRuleTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            maxAttempts = 0          | maxAttempts must be at least 1, but is 0.
            multiplier = 0.5         | multiplier must be at least 1, but is 0.5.
            multiplier = Double.NaN  | multiplier must be at least 1, but is NaN.
            multiplier = 1 / 0.0     | multiplier must be at least 1, but is Infinity.
            jitter = 1.5             | jitter must be from 0 to 1, but is 1.5.
            jitter = Double.NaN      | jitter must be from 0 to 1, but is NaN.
            backoff = "PT-1S"        | backoff must not be negative, but is PT-1S.
            maxBackoff = "P4000D"    | maxBackoff must be at most ten years, but is P4000D.
            backoff = "PT2H"         | maxBackoff, PT1H by default, must not be shorter than backoff, PT2H.
            maxBackoff = "PT0.5S"    | maxBackoff, PT0.5S, must not be shorter than backoff, PT1S.
            """)
    void value_isReportedAtTheValue(String value, String problem) {
        Compiled.wrong(fulfillment("""
                        @Step(retry = @Retry(
                            %s
                        ))
                        void charge() {}
                        """.formatted(value))).failsAt(value, "[BackOps/InvalidRetry] " + problem);
    }

    @ParameterizedTest
    @CsvSource({"backoff,5s", "backoff,''", "maxBackoff,P1M", "maxBackoff,PT99999999999999999999S"})
    void duration_thatDoesNotParse_isReported(String name, String text) {
        String value = "%s = \"%s\"".formatted(name, text);
        Compiled.wrong(fulfillment("""
                        @Step(retry = @Retry(maxAttempts = 3,
                            %s))
                        void charge() {}
                        """.formatted(value)))
                .failsAt(
                        value + "))",
                        "[BackOps/InvalidRetry] " + name + " is \"" + text + "\", which is not an ISO-8601 duration.",
                        "Write for example \"PT2S\" for two seconds, \"PT5M\" for five minutes, \"PT24H\" for a day.");
    }

    @Test
    void operation_isReportedOnce() {
        Compiled.wrong("""
                        package demo;

                        import dev.backops.annotation.*;

                        @Operation(value = "fulfillment", retry = @Retry(
                            maxAttempts = -1, jitter = -1
                        ))
                        class Fulfillment {
                            @Step void charge() {}
                            @Step void send() {}
                        }
                        """)
                .fails(
                        Problem.at(
                                "maxAttempts = -1, jitter = -1",
                                "[BackOps/InvalidRetry] maxAttempts must be at least 1, but is -1."),
                        Problem.at(
                                "maxAttempts = -1, jitter = -1",
                                "[BackOps/InvalidRetry] jitter must be from 0 to 1, but is -1.0."));
    }

    @Test
    void privateAbortOn_isReportedAtTheItem() {
        Compiled.wrong(fulfillment("""
                        private static class Declined extends RuntimeException {}
                        @Step(retry = @Retry(abortOn = {
                            IllegalStateException.class,
                            Declined.class
                        }))
                        void charge() {}
                        """))
                .failsAt(
                        "Declined.class",
                        "[BackOps/PrivateType] abortOn names Declined, but generated code cannot.",
                        "Make it and the classes around it at least package-private.");
    }

    @Test
    void limits_areValid() {
        Compiled.of(fulfillment("""
                        @Step(retry = @Retry(maxAttempts = 1, backoff = "PT0S", multiplier = 1, maxBackoff = "PT0S", jitter = 0))
                        void charge() {}
                        @Step(retry = @Retry(maxAttempts = Integer.MAX_VALUE, backoff = "P1D", multiplier = 1e9, maxBackoff = "P3650D",
                            jitter = 1, abortOn = Exception.class))
                        void send() {}
                        """)).succeeds();
    }
}
