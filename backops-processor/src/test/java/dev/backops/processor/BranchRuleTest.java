package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;

import dev.backops.processor.Compiled.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BranchRuleTest {

    @Test
    void unknownBranch_isReportedAtTheName() {
        Compiled.wrong(fulfillment("""
                        enum Setup { RED, BLUE }
                        @Step(jumpsTo = {
                            "red",
                            "bleu"
                        })
                        Setup choose() { return null; }
                        @Step(branch = "red") void red1() {}
                        @Step(branch = "blue") void blue1() {}
                        """))
                .failsAt(
                        "\"bleu\"",
                        "[BackOps/UnknownJump] Fulfillment has no branch or step \"bleu\". Did you mean \"blue\"?");
    }

    @Test
    void unknownJump_likeNothing_isReportedWithWhatIsKnown() {
        Compiled.wrong(fulfillment("""
                        @Step(
                            then = "somewhere"
                        )
                        void charge() {}
                        @Step(branch = "red") void setUp() {}
                        """))
                .failsAt(
                        "then = \"somewhere\"",
                        "[BackOps/UnknownJump] Fulfillment has no branch or step \"somewhere\". Known here: red, charge,"
                                + " setUp, end");
    }

    @Test
    void unknownJump_ofMethodWithAnotherStoredName_isReported() {
        Compiled.wrong(fulfillment("""
                        @Step(then = "setUpRed") void charge() {}
                        @Step(name = "setUp") void setUpRed() {}
                        """))
                .failsAt(
                        "@Step(then = \"setUpRed\") void charge() {}",
                        "[BackOps/UnknownJump] Fulfillment has no branch or step \"setUpRed\". Known here: charge,"
                                + " setUp, end");
    }

    @Test
    void unknownJump_toMethodWithoutStep_isReportedWithWhatItLacks() {
        Compiled.wrong(fulfillment("""
                        @Step(then = "setUp") void charge() {}
                        void setUp() {}
                        """))
                .failsAt(
                        "@Step(then = \"setUp\") void charge() {}",
                        "[BackOps/UnknownJump] Fulfillment has no branch or step \"setUp\". The method setUp is none:"
                                + " annotate it with @Step.");
    }

    @Test
    void jumpToMain_isReported() {
        Compiled.wrong(fulfillment("""
                        enum Next { RED, MAIN }
                        @Step(jumpsTo = {"red", "main"}) Next charge() { return null; }
                        @Step(branch = "red", then = "main") void setUp() {}
                        """))
                .fails(
                        Problem.at(
                                "@Step(jumpsTo = {\"red\", \"main\"}) Next charge() { return null; }",
                                "[BackOps/JumpToMain] \"main\" is nothing to jump to: behind the last step of a branch,"
                                        + " main goes on by itself.",
                                "To go back, name the step of main to go on with."),
                        Problem.at(
                                "@Step(branch = \"red\", then = \"main\") void setUp() {}",
                                "[BackOps/JumpToMain] \"main\" is nothing to jump to: behind the last step of a branch,"
                                        + " main goes on by itself.",
                                "To go back, name the step of main to go on with."));
    }

    @Test
    void unknownFailureBranch_isReported() {
        Compiled.wrong(fulfillment("""
                        @Step(
                            onFailure = "undu"
                        )
                        void charge() {}
                        @Step(branch = "undo") void refund() {}
                        """))
                .failsAt(
                        "onFailure = \"undu\"",
                        "[BackOps/UnknownJump] Fulfillment has no branch \"undu\". Did you mean \"undo\"?");
    }

    @Test
    void unknownFailureBranch_withoutBranches_isToldHowToMakeOne() {
        Compiled.wrong(fulfillment("@Step(onFailure = \"undo\") void charge() {}"))
                .failsAt(
                        "@Step(onFailure = \"undo\") void charge() {}",
                        "[BackOps/UnknownJump] Fulfillment has no branch \"undo\". Put the steps for that on one:"
                                + " @Step(branch = \"undo\")");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            refund  | "refund" is a step, but onFailure names a branch. | Name its branch, "undo".
            send    | "send" is a step, but onFailure names a branch. | Put that step on a branch of its own, for example @Step(branch = "undo"), and name that.
            main    | "main" is what has failed; onFailure names another branch. | Put what is to be done then on a branch of its own, for example: @Step(branch = "undo")
            end     | "end" is no branch. Without onFailure, the operation waits as failed once charge has failed for good. | Remove it, or name a branch.
            """)
    void failureBranch_thatIsNone_isReported(String name, String problem, String advice) {
        Compiled.wrong(fulfillment("""
                        @Step(
                            onFailure = "%s"
                        )
                        void charge() {}
                        @Step void send() {}
                        @Step(branch = "undo") void refund() {}
                        """.formatted(name)))
                .failsAt("onFailure = \"" + name + "\"", "[BackOps/InvalidFailureBranch] " + problem, advice);
    }

    @Test
    void failureBranch_thatLeadsBack_isReported() {
        Compiled.wrong(fulfillment("""
                        @Step(onFailure = "undo") void charge() {}
                        @Step(branch = "undo", onFailure = "tell") void refund() {}
                        @Step(branch = "tell", onFailure = "undo") void mail() {}
                        @Step(branch = "tell", onFailure = "tell") void call() {}
                        """))
                .fails(
                        Problem.at(
                                "@Step(branch = \"tell\", onFailure = \"undo\") void mail() {}",
                                "[BackOps/InvalidFailureBranch] \"undo\" would run again and again while mail fails in it.",
                                "Name no branch that leads back here, or none: the operation then waits as failed."),
                        Problem.at(
                                "@Step(branch = \"tell\", onFailure = \"tell\") void call() {}",
                                "[BackOps/InvalidFailureBranch] \"tell\" would run again and again while call fails in it.",
                                "Name no branch that leads back here, or none: the operation then waits as failed."));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            end    | "end" is reserved and cannot name a branch. Pick another name.
            class  | "class" cannot name a branch: it must be a Java identifier, like "refund".
            a b    | "a b" cannot name a branch: it must be a Java identifier, like "refund".
            ''     | "" cannot name a branch: it must be a Java identifier, like "refund".
            refund | "refund" names a step and a branch, so that a jump could mean either. Rename one.
            """)
    void branchName_isReportedOnce(String name, String problem) {
        Compiled.wrong(fulfillment("""
                        @Step(onFailure = "undo") void charge() {}
                        @Step(
                            branch = "%1$s"
                        )
                        void refund() {}
                        @Step(branch = "%1$s") void apologise() {}
                        @Step(branch = "undo") void undo1() {}
                        """.formatted(name)))
                .failsAt("branch = \"" + name + "\"", "[BackOps/InvalidBranch] " + problem);
    }

    @Test
    void branchNamedLikeAStep_thatIsJumpedTo_isReportedOnce() {
        Compiled.wrong(fulfillment("""
                        enum Next { REFUND }
                        @Step(jumpsTo = "refund", onFailure = "refund") Next charge() { return null; }
                        @Step(branch = "refund", output = "id") String refund() { return ""; }
                        @Step(branch = "refund") void send(String id) {}
                        """))
                .failsAt(
                        "@Step(branch = \"refund\", output = \"id\") String refund() { return \"\"; }",
                        "[BackOps/InvalidBranch] \"refund\" names a step and a branch, so that a jump could mean either."
                                + " Rename one.");
    }

    @Test
    void noMainStep_isReportedAtTheOperation() {
        Compiled.wrong(fulfillment("""
                        @Step(branch = "red") void charge() {}
                        @Step(branch = "red") void send() {}
                        """))
                .failsAt(
                        "@dev.backops.annotation.Operation(\"fulfillment\")",
                        "[BackOps/NoMainStep] Fulfillment has no step on main, the branch on which every operation"
                                + " begins.",
                        "Leave out the branch of the steps with which it begins.");
    }

    @Test
    void everyMistake_isReported() {
        Compiled.wrong(fulfillment("""
                        enum Setup { RED, GREEN }
                        @Step(jumpsTo = {"red", "bleu"}, onFailure = "undoo") Setup choose() { return null; }
                        @Step(then = "chose") void send(String email) {}
                        @Step(delay = "1h", branch = "red") void red1() {}
                        @Step(branch = "blue") void blue1() {}
                        @Step(branch = "undo") void refund(String plan) {}
                        @Step(branch = "undo", output = "plan") String plan() { return ""; }
                        """))
                .fails(
                        Problem.at(
                                "@Step(jumpsTo = {\"red\", \"bleu\"}, onFailure = \"undoo\") Setup choose() { return null; }",
                                "[BackOps/UnknownJump] Fulfillment has no branch or step \"bleu\". Did you mean \"blue\"?"),
                        Problem.at(
                                "@Step(jumpsTo = {\"red\", \"bleu\"}, onFailure = \"undoo\") Setup choose() { return null; }",
                                "[BackOps/UnknownJump] Fulfillment has no branch \"undoo\". Did you mean \"undo\"?"),
                        Problem.at(
                                "@Step(jumpsTo = {\"red\", \"bleu\"}, onFailure = \"undoo\") Setup choose() { return null; }",
                                "[BackOps/UnmatchedJump] Constant GREEN of Setup stands for no target of choose. Remove it, or"
                                        + " add what it stands for to jumpsTo."),
                        Problem.at(
                                "@Step(then = \"chose\") void send(String email) {}",
                                "[BackOps/UnknownJump] Fulfillment has no branch or step \"chose\". Did you mean \"choose\"?"),
                        Problem.at(
                                "@Step(then = \"chose\") void send(String email) {}",
                                "[BackOps/UnknownParameter] send takes \"email\", which is neither a param nor an output.",
                                "Nothing is known here: Fulfillment has no record Params, and no earlier step has an"
                                        + " output."),
                        Problem.at(
                                "@Step(delay = \"1h\", branch = \"red\") void red1() {}",
                                "[BackOps/InvalidDelay] delay is \"1h\", which is not an ISO-8601 duration.",
                                "Write for example \"PT2S\" for two seconds, \"PT5M\" for five minutes, \"PT24H\" for a"
                                        + " day."));
    }
}
