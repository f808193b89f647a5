package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;

import dev.backops.processor.Compiled.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WiringRuleTest {

    @Test
    void unknownParameter_isReportedAtTheStep() {
        Compiled.wrong(fulfillment("""
                        record Params(long subscriptionId, String giftAt) {}
                        @Step(output = "transactionId") String charge(long subscriptionId) { return ""; }
                        @Step
                        void sendReceipt(
                            String transctionId) {}
                        """))
                .failsAt(
                        "void sendReceipt(",
                        "[BackOps/UnknownParameter] sendReceipt takes \"transctionId\", which is neither a param nor an"
                                + " output.",
                        "Did you mean \"transactionId\"? Known here: subscriptionId, giftAt, transactionId");
    }

    @Test
    void unknownParameter_likeNothing_isReportedWithWhatIsKnown() {
        Compiled.wrong(fulfillment("""
                        record Params(long subscriptionId) {}
                        @Step void charge(String email) {}
                        """))
                .failsAt(
                        "@Step void charge(String email) {}",
                        "[BackOps/UnknownParameter] charge takes \"email\", which is neither a param nor an output.",
                        "Known here: subscriptionId");
    }

    @Test
    void unknownParameter_withoutParams_isReported() {
        Compiled.wrong(fulfillment("@Step void charge(long subscriptionId) {}"))
                .failsAt(
                        "@Step void charge(long subscriptionId) {}",
                        "[BackOps/UnknownParameter] charge takes \"subscriptionId\", which is neither a param nor an"
                                + " output.",
                        "Nothing is known here: Fulfillment has no record Params, and no earlier step has an output.");
    }

    @Test
    void unknownParameter_ofParams_isToldAboutTheContext() {
        Compiled.wrong(fulfillment("""
                        record Params(long subscriptionId) {}
                        @Step void charge(Params params) {}
                        """))
                .failsAt(
                        "@Step void charge(Params params) {}",
                        "[BackOps/UnknownParameter] charge takes \"params\", which is neither a param nor an output.",
                        "Take the components of Params one by one, or all values as FulfillmentContext.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Thread service", "javax.sql.DataSource dataSource", "org.jdbi.v3.core.Jdbi jdbi"})
    void unknownParameter_thatIsAService_isSentToTheConstructor(String parameter) {
        Compiled.wrong(fulfillment("""
                        record Params(long subscriptionId) {}
                        @Step
                        void charge(%s) {}
                        """.formatted(parameter)))
                .failsAt(
                        "void charge(" + parameter + ") {}",
                        "[BackOps/UnknownParameter] charge takes \"" + parameter.replaceAll(".* ", "")
                                + "\", which is neither a param nor an output.",
                        "Services belong in the constructor of Fulfillment, and what a step works on in Params or an"
                                + " output.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"StepRun", "FulfillmentContext", "org.jdbi.v3.core.Handle", "java.sql.Connection"})
    void optionalOfWhatIsAlwaysThere_isReported(String type) {
        Compiled.wrong(fulfillment("@Step\nvoid charge(Optional<" + type + "> it) {}"))
                .failsAt(
                        "void charge(Optional<" + type + "> it) {}",
                        "[BackOps/UnknownParameter] charge takes \"it\", which is neither a param nor an output.",
                        "It is always there: take it without Optional.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            org.jdbi.v3.core.Handle a, org.jdbi.v3.core.Handle b                     | twice
            org.jdbi.v3.core.Handle a, java.sql.Connection b                         | twice
            java.sql.Connection a, java.sql.Connection b, org.jdbi.v3.core.Handle c  | 3 times
            """)
    void twoTransactions_areReportedOnce(String parameters, String times) {
        Compiled.wrong(fulfillment("@Step\nvoid charge(" + parameters + ") {}"))
                .failsAt(
                        "void charge(" + parameters + ") {}",
                        "[BackOps/TwoTransactions] charge takes its transaction " + times + ", but there is only one.",
                        "Take one Handle or one Connection; handle.getConnection() leads from one to the other.");
    }

    @Test
    void unsetOutput_ofLaterStep_isReported() {
        Compiled.wrong(fulfillment("""
                        @Step void send(@Nullable String transactionId) {}
                        @Step(output = "transactionId") String charge() { return ""; }
                        """))
                .failsAt(
                        "@Step void send(@Nullable String transactionId) {}",
                        "[BackOps/UnsetOutput] send reads \"transactionId\", which charge sets, but only after it.",
                        "Move send behind charge.");
    }

    @Test
    void unsetOutput_ofItself_isReported() {
        Compiled.wrong(fulfillment("""
                        @Step(output = "transactionId")
                        String charge(String transactionId) { return ""; }
                        """))
                .failsAt(
                        "String charge(String transactionId) { return \"\"; }",
                        "[BackOps/UnsetOutput] charge reads \"transactionId\", which it sets itself, once it has"
                                + " returned.",
                        "Only later steps can read it.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            long              | String            | the param is long.                          | Take it as long.
            Instant           | LocalDate         | the param is java.time.Instant.             | Take it as java.time.Instant.
            Set<String>       | List<String>      | the param is java.util.Set<String>.         | Take it as java.util.Set<String>.
            int               | long              | the param is int.                           | Take it as int.
            @Nullable Long    | long              | the param is @Nullable Long and may be missing. | Take it as @Nullable Long or Optional<Long>.
            @Nullable Long    | @Nullable long    | the param is @Nullable Long and may be missing. | Take it as @Nullable Long or Optional<Long>.
            @Nullable String  | String            | the param is @Nullable String and may be missing. | Take it as @Nullable String or Optional<String>.
            Optional<String>  | String            | the param is java.util.Optional<String> and may be missing. | Take it as @Nullable String or Optional<String>.
            """)
    void typeMismatch_isReportedAtTheStep(String given, String taken, String is, String advice) {
        String shown = taken.replace("LocalDate", "java.time.LocalDate").replace("List", "java.util.List");
        Compiled.wrong(fulfillment("""
                        record Params(%s it) {}
                        @Step
                        void charge(%s it) {}
                        """.formatted(given, taken)))
                .failsAt(
                        "void charge(" + taken + " it) {}",
                        "[BackOps/TypeMismatch] charge takes \"it\" as " + shown + ", but " + is,
                        advice);
    }

    @Test
    void typeMismatch_ofOutput_namesTheStep() {
        Compiled.wrong(fulfillment("""
                        @Step(output = "plan") Optional<String> choose() { return Optional.empty(); }
                        @Step void send(String plan) {}
                        """))
                .failsAt(
                        "@Step void send(String plan) {}",
                        "[BackOps/TypeMismatch] send takes \"plan\" as String, but what choose returns is"
                                + " java.util.Optional<String> and may be missing.",
                        "Take it as @Nullable String or Optional<String>.");
    }

    @Test
    void everyMistake_isReported() {
        Compiled.wrong(fulfillment("""
                        record Params(long subscriptionId, Thread thread) {}
                        @Step private void charge(String subscriptionId) {}
                        @Step void send(long subscriptonId, Thread thread) {}
                        """))
                .fails(
                        Problem.at(
                                "record Params(long subscriptionId, Thread thread) {}",
                                "[BackOps/NotSimple] Param \"thread\" is a Thread, which is not a simple type.",
                                "Pass a String or a number that tells the same, and build it inside the step."),
                        Problem.at(
                                "@Step private void charge(String subscriptionId) {}",
                                "[BackOps/PrivateStep] charge is private, so generated code cannot call it. Make it"
                                        + " package-private."),
                        Problem.at(
                                "@Step private void charge(String subscriptionId) {}",
                                "[BackOps/TypeMismatch] charge takes \"subscriptionId\" as String, but the param is"
                                        + " long.",
                                "Take it as long."),
                        Problem.at(
                                "@Step void send(long subscriptonId, Thread thread) {}",
                                "[BackOps/UnknownParameter] send takes \"subscriptonId\", which is neither a param nor"
                                        + " an output.",
                                "Did you mean \"subscriptionId\"? Known here: subscriptionId, thread"));
    }

    @Test
    void nonNull_mayBeTakenAsNullable() {
        Compiled.of(fulfillment("""
                        record Params(long id, String name) {}
                        @Step void charge(@Nullable Long id, Optional<String> name) {}
                        """)).succeeds();
    }
}
