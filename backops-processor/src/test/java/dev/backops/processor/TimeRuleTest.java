package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeRuleTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            24h    | delay is "24h", which is not an ISO-8601 duration. | Write for example "PT2S" for two seconds, "PT5M" for five minutes, "PT24H" for a day.
            P1M    | delay is "P1M", which is not an ISO-8601 duration. | Write for example "PT2S" for two seconds, "PT5M" for five minutes, "PT24H" for a day.
            PT-1S  | delay must not be negative, but is PT-1S. |
            P4000D | delay must be at most ten years, but is P4000D. |
            """)
    void invalidDelay_isReportedAtTheValue(String delay, String problem, String advice) {
        String[] lines = advice == null ? new String[] {problem} : new String[] {problem, advice};
        lines[0] = "[BackOps/InvalidDelay] " + lines[0];
        Compiled.wrong(fulfillment("""
                        @Step(
                            delay = "%s"
                        )
                        void charge() {}
                        """.formatted(delay))).failsAt("delay = \"" + delay + "\"", lines);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            30s      | timeout is "30s", which is not an ISO-8601 duration. | Write for example "PT2S" for two seconds, "PT5M" for five minutes, "PT24H" for a day.
            PT-1S    | timeout must not be negative, but is PT-1S. |
            PT0S     | timeout must be at least a millisecond, but is PT0S. |
            P4000D   | timeout must be at most ten years, but is P4000D. |
            """)
    void invalidTimeout_isReportedAtTheValue(String timeout, String problem, String advice) {
        String[] lines = advice == null ? new String[] {problem} : new String[] {problem, advice};
        lines[0] = "[BackOps/InvalidTimeout] " + lines[0];
        Compiled.wrong(fulfillment("""
                        @Step(
                            timeout = "%s"
                        )
                        void charge() {}
                        """.formatted(timeout))).failsAt("timeout = \"" + timeout + "\"", lines);
    }

    @Test
    void invalidTimeout_ofTheOperation_isReportedOnce() {
        Compiled.wrong(fulfillment("@Step void charge() {}\n@Step void send() {}")
                        .replace("(\"fulfillment\")", "(value = \"fulfillment\", timeout = \"PT0S\")"))
                .failsAt(
                        "@dev.backops.annotation.Operation(value = \"fulfillment\", timeout = \"PT0S\")",
                        "[BackOps/InvalidTimeout] timeout must be at least a millisecond, but is PT0S.");
    }

    @Test
    void delayAndAt_areReported() {
        Compiled.wrong(fulfillment("""
                        record Params(Instant renewsAt) {}
                        @Step(
                            delay = "PT1H",
                            at = "renewsAt"
                        )
                        void charge() {}
                        """))
                .failsAt(
                        "at = \"renewsAt\"",
                        "[BackOps/DelayAndAt] charge has a delay and a time at which it runs. Remove one.");
    }

    @Test
    void unknownTime_isReportedWithTheTimesKnown() {
        Compiled.wrong(fulfillment("""
                        record Params(long renewAt, Instant renewsAt) {}
                        @Step(output = "shipsAt") OffsetDateTime ship() { return null; }
                        @Step(
                            at = "renewedAt"
                        )
                        void remind() {}
                        @Step(output = "laterAt") Instant later() { return null; }
                        """))
                .failsAt(
                        "at = \"renewedAt\"",
                        "[BackOps/UnknownTime] remind runs at \"renewedAt\", which is neither a param nor an output. Did"
                                + " you mean \"renewsAt\"?",
                        "Times known here: renewsAt, shipsAt");
    }

    @Test
    void unknownTime_withoutAnyTime_isReported() {
        Compiled.wrong(fulfillment("@Step(at = \"renewsAt\") void remind() {}"))
                .failsAt(
                        "@Step(at = \"renewsAt\") void remind() {}",
                        "[BackOps/UnknownTime] remind runs at \"renewsAt\", which is neither a param nor an output.",
                        "No param of Fulfillment and no earlier output is a time.");
    }

    @ParameterizedTest
    @CsvSource({"LocalDate, java.time.LocalDate", "String, String", "List<Instant>, java.util.List<java.time.Instant>"})
    void timeOfAnotherType_isReported(String type, String shown) {
        Compiled.wrong(fulfillment("""
                        record Params(%s renewsAt) {}
                        @Step(
                            at = "renewsAt"
                        )
                        void remind() {}
                        """.formatted(type.replace(";", ","))))
                .failsAt(
                        "at = \"renewsAt\"",
                        "[BackOps/NotATime] remind runs at \"renewsAt\", but the param is " + shown + ".",
                        "It must be an Instant, an OffsetDateTime or a ZonedDateTime.");
    }

    @Test
    void timeThatIsNotSetOnEveryPath_isReported() {
        Compiled.wrong(fulfillment("""
                        enum Next { REMIND }
                        @Step(jumpsTo = "remind") Optional<Next> choose() { return null; }
                        @Step(output = "renewsAt") Instant renew() { return null; }
                        @Step(
                            at = "renewsAt"
                        )
                        void remind() {}
                        """))
                .failsAt(
                        "at = \"renewsAt\"",
                        "[BackOps/UnsetOutput] remind runs at \"renewsAt\", which is not set when choose jumps to it past"
                                + " renew.",
                        "Set it on every path, or let renew return it as @Nullable: without a time, a step runs at once.");
    }

    @Test
    void timeThatIsSetTooLate_isReported() {
        Compiled.wrong(fulfillment("""
                        @Step(at = "renewsAt") void remind() {}
                        @Step(output = "renewsAt") @Nullable Instant renew() { return null; }
                        """))
                .failsAt(
                        "@Step(at = \"renewsAt\") void remind() {}",
                        "[BackOps/UnsetOutput] remind runs at \"renewsAt\", which renew sets, but not before it.",
                        "Set it before remind.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Instant", "@Nullable Instant", "Optional<OffsetDateTime>", "ZonedDateTime"})
    void timesOfParamsAndOutputs_areTaken(String type) {
        Compiled.of(fulfillment("""
                        record Params(%1$s renewsAt) {}
                        @Step(at = "renewsAt", output = "shipsAt") %1$s ship() { throw new IllegalStateException(); }
                        @Step(at = "shipsAt") void remind() {}
                        @Step(delay = "PT0.5S") void remindAgain() {}
                        """.formatted(type))).succeeds();
    }
}
