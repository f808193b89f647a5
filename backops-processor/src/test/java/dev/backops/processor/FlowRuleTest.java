package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowRuleTest {

    @Test
    void unreachableBranch_isAWarningAtTheBranch() {
        warning("""
                enum Setup { BLUE }
                @Step(jumpsTo = "blue") Setup choose() { return Setup.BLUE; }
                @Step(branch = "blue") void blue1() {}
                @Step(
                    branch = "red"
                )
                void red1() {}
                @Step(branch = "red", onFailure = "undo") void red2() {}
                @Step(branch = "undo") void undo1() {}
                """)
                .warnsAt(
                        "branch = \"red\"",
                        "[BackOps/UnreachableBranch] No step jumps to branch \"red\". Remove the branch or add the jump.");
    }

    @Test
    void branchesThatLeadToEachOtherAlone_areOneWarning() {
        warning("""
                @Step void charge() {}
                @Step(branch = "red", then = "blue") void red1() {}
                @Step(branch = "blue", then = "red") void blue1() {}
                """)
                .warnsAt(
                        "@Step(branch = \"red\", then = \"blue\") void red1() {}",
                        "[BackOps/UnreachableBranch] No step jumps to branch \"red\". Remove the branch or add the jump.");
    }

    @Test
    void unreachableBranch_yieldsToTheErrorThatFollowsFromIt() {
        Compiled.wrong(fulfillment("""
                        @Step(branch = "red", output = "plan") String red1() { return ""; }
                        @Step void send(String plan) {}
                        """))
                .failsAt(
                        "@Step void send(String plan) {}",
                        "[BackOps/UnsetOutput] send reads \"plan\", which red1 sets, but nothing leads to red1.",
                        "Let a step jump to it, or remove the parameter.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            @Step(then = "end") void stop() {}                                   | stop always goes on with "end"
            @Step(then = "stop", delay = "PT1H") void stop() {}                  | stop always goes on with "stop"
            @Step(jumpsTo = "red") Next stop() { return Next.RED; }              | stop always jumps
            """)
    void stepBehindOneThatNeverGoesOn_isAWarning(String stop, String reason) {
        String red = stop.contains("red") ? "@Step(branch = \"red\", then = \"end\") void red1() {}" : "";
        warning("""
                enum Next { RED }
                %s
                @Step void send() {}
                @Step void sendAgain() {}
                %s
                """.formatted(stop, red))
                .warnsAt(
                        "@Step void send() {}",
                        "[BackOps/UnreachableStep] send never runs: " + reason + ".",
                        "Remove it, or let a step jump to it.");
    }

    @Test
    void firstStepOfABranchThatIsEnteredBehindIt_isAWarning() {
        warning("""
                @Step(then = "red2") void charge() {}
                @Step(branch = "red") void red1() {}
                @Step(branch = "red") void red2() {}
                """)
                .warnsAt(
                        "@Step(branch = \"red\") void red1() {}",
                        "[BackOps/UnreachableStep] red1 never runs: jumps to its branch all go past it.",
                        "Remove it, or let a step jump to it.");
    }

    @Test
    void endlessLoop_isAWarning() {
        warning("""
                enum Again { POLL, REPORT }
                @Step void charge() {}
                @Step void poll() {}
                @Step(
                    jumpsTo = {"poll", "report"}
                )
                Again report() { return Again.POLL; }
                """)
                .warnsAt(
                        "jumpsTo = {\"poll\", \"report\"}",
                        "[BackOps/EndlessLoop] Once it has come to poll, report, an operation never ends and never waits.",
                        "Let one of them jump out of the loop, or wait, for example: delay = \"PT1H\"");
    }

    @Test
    void endlessLoopOfAFailureBranch_isAWarning() {
        warning("""
                @Step(onFailure = "undo") void charge() {}
                @Step(branch = "undo", then = "undo") void refund() {}
                """)
                .warnsAt(
                        "@Step(branch = \"undo\", then = \"undo\") void refund() {}",
                        "[BackOps/EndlessLoop] Once it has come to refund, an operation never ends and never waits.",
                        "Let one of them jump out of the loop, or wait, for example: delay = \"PT1H\"");
    }

    @Test
    void loopsThatEndOrWait_areNoWarning() {
        Compiled.of(fulfillment("""
                        enum Again { POLL }
                        @Step void poll() {}
                        @Step(jumpsTo = "poll") @Nullable Again check() { return null; }
                        @Step(delay = "PT1H") void tick() {}
                        @Step(then = "tick") void tock() {}
                        """)).succeeds();
    }

    @Test
    void warnings_yieldToSuppression() {
        Compiled.of(fulfillment("""
                        @SuppressWarnings("BackOps/EndlessLoop") @Step(then = "poll") void poll() {}
                        @SuppressWarnings("BackOps/UnreachableStep") @Step void send() {}
                        @SuppressWarnings("BackOps/UnreachableBranch") @Step(branch = "red") void red1() {}
                        """)).succeeds();
    }

    private static Compiled warning(String body) {
        return Compiled.with(List.of("-Xlint:all,-processing"), List.of(new BackOpsProcessor()), fulfillment(body));
    }
}
