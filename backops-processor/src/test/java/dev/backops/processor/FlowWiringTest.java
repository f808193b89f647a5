package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;

import dev.backops.processor.Compiled.Problem;
import org.junit.jupiter.api.Test;

/** Outputs on branches and behind jumps: whether they are set, and by one step alone. */
class FlowWiringTest {

    private static final String ADVICE = "Set it on every path, or take it as @Nullable String.";

    @Test
    void jumpPastTheSetter_isReported() {
        Compiled.wrong(fulfillment("""
                        enum Setup { SEND_EMAIL_RECEIPT }
                        @Step(jumpsTo = "sendEmailReceipt") Optional<Setup> chooseSetup() { return null; }
                        @Step(output = "transactionId") String chargeCreditCard() { return ""; }
                        @Step void sendEmailReceipt(String transactionId) {}
                        """))
                .failsAt(
                        "@Step void sendEmailReceipt(String transactionId) {}",
                        "[BackOps/UnsetOutput] sendEmailReceipt reads \"transactionId\", which is not set when chooseSetup"
                                + " jumps to it past chargeCreditCard.",
                        ADVICE);
    }

    @Test
    void branchThatDoesNotSet_isReported() {
        Compiled.wrong(fulfillment("""
                        enum Setup { RED, BLUE }
                        @Step(jumpsTo = {"red", "blue"}) Setup choose() { return null; }
                        @Step(branch = "red", output = "plan") String red1() { return ""; }
                        @Step(branch = "blue") void blue1() {}
                        @Step void send(String plan) {}
                        """))
                .failsAt(
                        "@Step void send(String plan) {}",
                        "[BackOps/UnsetOutput] send reads \"plan\", which is not set when choose jumps to \"blue\".",
                        ADVICE);
    }

    @Test
    void noJump_isReported() {
        Compiled.wrong(fulfillment("""
                        enum Setup { RED }
                        @Step(jumpsTo = "red") @Nullable Setup choose() { return null; }
                        @Step(branch = "red", output = "plan") String red1() { return ""; }
                        @Step void send(String plan) {}
                        """))
                .failsAt(
                        "@Step void send(String plan) {}",
                        "[BackOps/UnsetOutput] send reads \"plan\", which is not set when choose does not jump.",
                        ADVICE);
    }

    @Test
    void failureBranch_doesNotSeeWhatTheFailedStepSets() {
        Compiled.wrong(fulfillment("""
                        @Step(output = "id", onFailure = "undo") String charge() { return ""; }
                        @Step(onFailure = "undo") void send(String id) {}
                        @Step(branch = "undo") void refund(String id) {}
                        """))
                .failsAt(
                        "@Step(branch = \"undo\") void refund(String id) {}",
                        "[BackOps/UnsetOutput] refund reads \"id\", which is not set when charge fails.",
                        ADVICE);
    }

    @Test
    void failureBranch_seesWhatWasSetBefore() {
        Compiled.of(fulfillment("""
                        @Step(output = "id") String charge() { return ""; }
                        @Step(onFailure = "undo") void send(String id) {}
                        @Step(branch = "undo") void refund(String id) {}
                        """)).succeeds();
    }

    @Test
    void otherBranch_neverSetsInTime() {
        Compiled.wrong(fulfillment("""
                        enum Setup { RED, BLUE }
                        @Step(jumpsTo = {"red", "blue"}) Setup choose() { return null; }
                        @Step(branch = "red", output = "plan") String red1() { return ""; }
                        @Step(branch = "blue") void blue1(@Nullable String plan) {}
                        """))
                .failsAt(
                        "@Step(branch = \"blue\") void blue1(@Nullable String plan) {}",
                        "[BackOps/UnsetOutput] blue1 reads \"plan\", which red1 sets, but never before it.",
                        "Set it before blue1, or remove the parameter.");
    }

    @Test
    void thenToABranch_returnsBehindTheStepThatWentThere() {
        Compiled.wrong(fulfillment("""
                        @Step(then = "red") void charge() {}
                        @Step(output = "plan") String choose() { return ""; }
                        @Step void send(String plan) {}
                        @Step(branch = "red") void red1(String plan) {}
                        """))
                .failsAt(
                        "@Step(branch = \"red\") void red1(String plan) {}",
                        "[BackOps/UnsetOutput] red1 reads \"plan\", which choose sets, but never before it.",
                        "Set it before red1, or remove the parameter.");
    }

    @Test
    void resultThatMayBeMissingOnOneBranch_isReported() {
        Compiled.wrong(fulfillment("""
                        enum Setup { RED, BLUE }
                        @Step(jumpsTo = {"red", "blue"}) Setup choose() { return null; }
                        @Step(branch = "red", output = "plan") String red1() { return ""; }
                        @Step(branch = "blue", output = "plan") @Nullable String blue1() { return null; }
                        @Step void send(String plan) {}
                        """))
                .failsAt(
                        "@Step void send(String plan) {}",
                        "[BackOps/TypeMismatch] send takes \"plan\" as String, but what blue1 returns is @Nullable String"
                                + " and may be missing.",
                        "Take it as @Nullable String or Optional<String>.");
    }

    @Test
    void resultThatMayBeMissing_unsetsInALoop() {
        Compiled.wrong(fulfillment("""
                        enum Again { AGAIN }
                        @Step(output = "plan") @Nullable String again() { return null; }
                        @Step(jumpsTo = "again") @Nullable Again send(String plan) { return null; }
                        """))
                .failsAt(
                        "@Step(jumpsTo = \"again\") @Nullable Again send(String plan) { return null; }",
                        "[BackOps/TypeMismatch] send takes \"plan\" as String, but what again returns is @Nullable String"
                                + " and may be missing.",
                        "Take it as @Nullable String or Optional<String>.");
    }

    @Test
    void exclusiveBranches_mayShareAnOutput() {
        Compiled.of(fulfillment("""
                        enum Setup { RED, BLUE }
                        @Step(jumpsTo = {"red", "blue"}) Setup choose() { return Setup.RED; }
                        @Step(branch = "red", output = "plan") Long red1() { return 1L; }
                        @Step(branch = "blue", output = "plan") long blue1() { return 1; }
                        @Step void send(long plan, FulfillmentContext context) { context.plan().isPresent(); }
                        """)).succeeds();
    }

    @Test
    void nullAndNonNull_mayShareAnOutput() {
        Compiled.of(fulfillment("""
                        record Params(String planOrNull) {}
                        enum Setup { RED, BLUE, GREEN }
                        @Step(jumpsTo = {"red", "blue", "green"}) Setup choose() { return Setup.RED; }
                        @Step(branch = "red", output = "plan") String red1() { return ""; }
                        @Step(branch = "red") void red2(String plan) {}
                        @Step(branch = "blue", output = "plan") @Nullable String blue1() { return null; }
                        @Step(branch = "green", output = "plan") Optional<String> green1() { return Optional.empty(); }
                        @Step void send(Optional<String> plan, FulfillmentContext context) { context.plan().isPresent(); }
                        """)).succeeds();
    }

    @Test
    void loop_maySetAnOutputAgainAndReadItsOwn() {
        Compiled.of(fulfillment("""
                        enum Again { COUNT }
                        @Step(output = "count") int count(@Nullable Integer count) { return 1; }
                        @Step(jumpsTo = "count") Optional<Again> check(int count) { return Optional.empty(); }
                        """)).succeeds();
    }

    @Test
    void outputSetTwiceOnAPathThroughBranches_isReported() {
        Compiled.wrong(fulfillment("""
                        enum Setup { RED }
                        @Step(jumpsTo = "red") Optional<Setup> choose() { return null; }
                        @Step(output = "plan") String take() { return ""; }
                        @Step(
                            branch = "red",
                            output = "plan"
                        )
                        String red1() { return ""; }
                        @Step void send(String plan) {}
                        """))
                .failsAt(
                        "@Step(output = \"plan\") String take() { return \"\"; }",
                        "[BackOps/DuplicateOutput] take sets \"plan\", which red1 has set already.",
                        "Give each output a name of its own.");
    }

    @Test
    void outputSetTwiceThroughALoop_isReportedOnce() {
        Compiled.wrong(fulfillment("""
                        enum Setup { RED, BLUE }
                        enum Again { CHOOSE }
                        @Step(jumpsTo = {"red", "blue"}) Setup choose() { return null; }
                        @Step(branch = "red", output = "plan") String red1() { return ""; }
                        @Step(branch = "blue", output = "plan") String blue1() { return ""; }
                        @Step(jumpsTo = "choose") Optional<Again> check(String plan) { return null; }
                        """))
                .failsAt(
                        "@Step(branch = \"blue\", output = \"plan\") String blue1() { return \"\"; }",
                        "[BackOps/DuplicateOutput] blue1 sets \"plan\", which red1 has set already when choose jumps to"
                                + " \"blue\".",
                        "Give each output a name of its own.");
    }

    @Test
    void outputSetTwiceBehindAFailure_isReported() {
        Compiled.wrong(fulfillment("""
                        @Step(output = "note", onFailure = "undo") String charge() { return ""; }
                        @Step(onFailure = "undo") void send() {}
                        @Step(branch = "undo", output = "note") String refund() { return ""; }
                        """))
                .failsAt(
                        "@Step(branch = \"undo\", output = \"note\") String refund() { return \"\"; }",
                        "[BackOps/DuplicateOutput] refund sets \"note\", which charge has set already when send fails.",
                        "Give each output a name of its own.");
    }

    @Test
    void outputSetByTheFailedStepOrItsFailureBranch_isTaken() {
        Compiled.of(fulfillment("""
                        @Step(output = "note", onFailure = "undo") String charge() { return ""; }
                        @Step(branch = "undo", output = "note") String refund() { return ""; }
                        @Step(branch = "undo") void send(String note) {}
                        """)).succeeds();
    }

    @Test
    void sharedOutputOfTwoTypes_isReported() {
        Compiled.wrong(fulfillment("""
                        enum Setup { RED, BLUE }
                        @Step(jumpsTo = {"red", "blue"}) Setup choose() { return null; }
                        @Step(branch = "red", output = "plan") String red1() { return ""; }
                        @Step(branch = "blue", output = "plan") long blue1() { return 1; }
                        @Step void send(String plan) {}
                        """))
                .failsAt(
                        "@Step(branch = \"blue\", output = \"plan\") long blue1() { return 1; }",
                        "[BackOps/TypeMismatch] blue1 sets \"plan\" as Long, but red1 sets it as String.",
                        "Make them the same, or give each output a name of its own.");
    }

    @Test
    void mistakeInAJump_drawsNoOtherErrors() {
        Compiled.wrong(fulfillment("""
                        enum Setup { RED, BLUE }
                        @Step(jumpsTo = {"red", "bleu"}) Setup choose() { return null; }
                        @Step(branch = "red", output = "plan") String red1() { return ""; }
                        @Step(branch = "blue", output = "color") String blue1() { return ""; }
                        @Step(branch = "blue") void blue2(String color) {}
                        @Step void send(String plan, @Nullable String color) {}
                        """))
                .fails(Problem.at(
                        "@Step(jumpsTo = {\"red\", \"bleu\"}) Setup choose() { return null; }",
                        "[BackOps/UnknownJump] Fulfillment has no branch or step \"bleu\". Did you mean \"blue\"?"));
    }
}
