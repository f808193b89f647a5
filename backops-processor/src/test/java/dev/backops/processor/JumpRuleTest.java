package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;

import dev.backops.processor.Compiled.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JumpRuleTest {

    private static final String BRANCHES = """
            @Step(branch = "red") void red1() {}
            @Step(branch = "blue") void blue1() {}
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            void             | nothing
            String           | String
            boolean          | boolean
            Optional<String> | java.util.Optional<String>
            """)
    void resultThatIsNoEnum_isReportedAtTheJumps(String type, String shown) {
        String body = type.equals("void") ? "" : "return " + (type.equals("boolean") ? "true" : "null") + ";";
        Compiled.wrong(fulfillment("""
                        @Step(
                            jumpsTo = {"red", "blue"}
                        )
                        %s choose() { %s }
                        """.formatted(type, body) + BRANCHES))
                .failsAt(
                        "jumpsTo = {\"red\", \"blue\"}",
                        "[BackOps/InvalidJumpResult] choose returns " + shown
                                + ", but a step that jumps returns an enum with a constant per target.",
                        "For example: enum ChooseTo { RED, BLUE }");
    }

    @Test
    void recordWithoutJump_isReported() {
        Compiled.wrong(fulfillment("""
                        enum Next { RED, BLUE }
                        record Charge(String id, Next next) {}
                        @Step(jumpsTo = {"red", "blue"}) Charge charge() { return null; }
                        """ + BRANCHES))
                .failsAt(
                        "@Step(jumpsTo = {\"red\", \"blue\"}) Charge charge() { return null; }",
                        "[BackOps/InvalidJumpResult] charge returns Charge, of which no component is marked @Jump as the"
                                + " enum with a constant per target.",
                        "For example: enum ChargeTo { RED, BLUE }");
    }

    @Test
    void recordWithTwoJumps_isReported() {
        Compiled.wrong(fulfillment("""
                        enum Next { RED, BLUE }
                        record Charge(String id, @Jump Next next, @Jump Next other) {}
                        @Step(jumpsTo = {"red", "blue"}) Charge charge() { return null; }
                        """ + BRANCHES))
                .failsAt(
                        "@Step(jumpsTo = {\"red\", \"blue\"}) Charge charge() { return null; }",
                        "[BackOps/InvalidJumpResult] Components next and other of Charge are marked @Jump, but only one"
                                + " can say where charge goes.",
                        "For example: enum ChargeTo { RED, BLUE }");
    }

    @Test
    void recordWithJumpThatIsNoEnum_isReported() {
        Compiled.wrong(fulfillment("""
                        record Charge(String id, @Jump String next) {}
                        @Step(jumpsTo = {"red", "blue"}) Charge charge() { return null; }
                        """ + BRANCHES))
                .failsAt(
                        "@Step(jumpsTo = {\"red\", \"blue\"}) Charge charge() { return null; }",
                        "[BackOps/InvalidJumpResult] Component \"next\" of Charge is String, but @Jump marks an enum with"
                                + " a constant per target.",
                        "For example: enum ChargeTo { RED, BLUE }");
    }

    @Test
    void jumpWithoutTargets_isReported() {
        Compiled.wrong(fulfillment("""
                        enum Next { SEND }
                        record Charge(String id, @Jump Next next) {}
                        @Step Charge charge() { return null; }
                        @Step void send(String id) {}
                        """))
                .failsAt(
                        "@Step Charge charge() { return null; }",
                        "[BackOps/InvalidJumpResult] Component \"next\" of Charge is marked @Jump, but charge jumps"
                                + " nowhere.",
                        "Name the steps and branches in jumpsTo, or remove @Jump.");
    }

    @Test
    void constantWithoutTarget_isReportedAtTheJumps() {
        Compiled.wrong(fulfillment("""
                        enum Setup { RED, BLUE, GREEN }
                        @Step(jumpsTo = "red") Setup choose() { return null; }
                        """ + BRANCHES))
                .fails(
                        Problem.at(
                                "@Step(jumpsTo = \"red\") Setup choose() { return null; }",
                                "[BackOps/UnmatchedJump] Constant BLUE of Setup stands for no target of choose. Add"
                                        + " \"blue\" to jumpsTo, or remove the constant."),
                        Problem.at(
                                "@Step(jumpsTo = \"red\") Setup choose() { return null; }",
                                "[BackOps/UnmatchedJump] Constant GREEN of Setup stands for no target of choose. Remove it,"
                                        + " or add what it stands for to jumpsTo."));
    }

    @Test
    void targetWithoutConstant_isReportedAtTheTarget() {
        Compiled.wrong(fulfillment("""
                        enum Setup { RED }
                        @Step(jumpsTo = {
                            "red",
                            "blue"
                        })
                        Setup choose() { return null; }
                        """ + BRANCHES))
                .failsAt(
                        "\"blue\"",
                        "[BackOps/UnmatchedJump] Setup has no constant BLUE for \"blue\". Add it, or remove the jump.");
    }

    @Test
    void misspeltConstant_isReportedOnce() {
        Compiled.wrong(fulfillment("""
                        enum Setup { RED, BLEU }
                        @Step(jumpsTo = {"red", "blue"}) Setup choose() { return null; }
                        """ + BRANCHES))
                .failsAt(
                        "@Step(jumpsTo = {\"red\", \"blue\"}) Setup choose() { return null; }",
                        "[BackOps/UnmatchedJump] Setup has no constant BLUE for \"blue\". Is BLEU meant? Rename it.");
    }

    @Test
    void constantsAndTargetsThatAreAlike_areReported() {
        Compiled.wrong(fulfillment("""
                        enum Setup { SET_UP, setUp, RED }
                        @Step(jumpsTo = {"setUp", "red", "red"}) Setup choose() { return null; }
                        @Step void setUp() {}
                        @Step(jumpsTo = {"setUp", "red"}) Setup again() { return null; }
                        @Step(branch = "red") void red1() {}
                        """))
                .fails(
                        Problem.at(
                                "@Step(jumpsTo = {\"setUp\", \"red\", \"red\"}) Setup choose() { return null; }",
                                "[BackOps/AmbiguousJump] \"red\" stands in jumpsTo twice. Remove one."),
                        Problem.at(
                                "@Step(jumpsTo = {\"setUp\", \"red\"}) Setup again() { return null; }",
                                "[BackOps/AmbiguousJump] Constants SET_UP and setUp of Setup are one name, upper or lower"
                                        + " case and \"_\" aside. Remove one."));
    }

    @Test
    void targetsThatAreAlike_areReported() {
        Compiled.wrong(fulfillment("""
                        enum Setup { SET_UP }
                        @Step(jumpsTo = {"setUp", "setup"}) Setup choose() { return null; }
                        @Step void setUp() {}
                        @Step void setup() {}
                        """))
                .failsAt(
                        "@Step(jumpsTo = {\"setUp\", \"setup\"}) Setup choose() { return null; }",
                        "[BackOps/AmbiguousJump] \"setup\" and \"setUp\" are one name to the constants of an enum. Rename"
                                + " one of them.");
    }

    @Test
    void thenBesideAJumpThatIsAlwaysTaken_isReported() {
        Compiled.wrong(fulfillment("""
                        enum Setup { RED, BLUE }
                        @Step(
                            jumpsTo = {"red", "blue"},
                            then = "send"
                        )
                        Setup choose() { return null; }
                        @Step void send() {}
                        """ + BRANCHES))
                .failsAt(
                        "then = \"send\"",
                        "[BackOps/UselessThen] choose always jumps, so that it never goes on with \"send\".",
                        "Remove then; or make what it returns @Nullable or Optional, to go on without a jump.");
    }

    @Test
    void privateEnum_isReported() {
        Compiled.wrong(fulfillment("""
                        private enum Setup { RED, BLUE }
                        @Step(jumpsTo = {"red", "blue"}) Setup choose() { return null; }
                        """ + BRANCHES))
                .failsAt(
                        "@Step(jumpsTo = {\"red\", \"blue\"}) Setup choose() { return null; }",
                        "[BackOps/PrivateType] choose jumps by Setup, but generated code cannot name it.",
                        "Make it and the classes around it at least package-private.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"@Nullable Setup", "Optional<Setup>"})
    void thenBesideAJumpThatMayBeMissing_isTaken(String type) {
        Compiled.of(fulfillment("""
                        enum Setup { RED, blue, End, CHOOSE, SEND_MAIL, S_e_n_d }
                        @Step(jumpsTo = {"red", "blue", "end", "choose", "sendMail", "send"}, then = "send")
                        %s choose() { throw new IllegalStateException(); }
                        @Step void sendMail() {}
                        @Step void send() {}
                        """.formatted(type) + BRANCHES)).succeeds();
    }
}
