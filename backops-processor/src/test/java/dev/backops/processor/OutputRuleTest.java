package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputRuleTest {

    @ParameterizedTest
    @ValueSource(strings = {"void charge() {}", "Void charge() { return null; }"})
    void outputOfVoid_isReportedAtTheOutput(String method) {
        Compiled.wrong(fulfillment("""
                        @Step(
                            output = "transactionId"
                        )
                        %s
                        @Step void send(String transactionId) {}
                        """.formatted(method)))
                .failsAt(
                        "output = \"transactionId\"",
                        "[BackOps/OutputOfVoid] charge returns nothing, so there is no \"transactionId\" to keep.",
                        "Return the value, or remove the output.");
    }

    @Test
    void duplicateOutput_isReportedAtTheLaterOne() {
        Compiled.wrong(fulfillment("""
                        @Step(output = "plan") String chooseRed() { return ""; }
                        @Step(output = "plan") long chooseBlue() { return 1; }
                        @Step void send(String plan) {}
                        """))
                .failsAt(
                        "@Step(output = \"plan\") long chooseBlue() { return 1; }",
                        "[BackOps/DuplicateOutput] chooseBlue sets \"plan\", which chooseRed has set already.",
                        "Give each output a name of its own.");
    }

    @Test
    void outputShadowsParam_isReported() {
        Compiled.wrong(fulfillment("""
                        record Params(String plan) {}
                        @Step(output = "plan") long choose(String plan) { return 1; }
                        @Step void send(long plan) {}
                        """))
                .failsAt(
                        "@Step(output = \"plan\") long choose(String plan) { return 1; }",
                        "[BackOps/OutputShadowsParam] choose sets \"plan\", but that is a param, and params never change.",
                        "Give the output another name.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "int", "a.b", "2nd"})
    void name_thatIsNoIdentifier_isReported(String name) {
        Compiled.wrong(fulfillment("@Step(output = \"" + name + "\") String charge() { return \"\"; }"))
                .failsAt(
                        "@Step(output = \"" + name + "\") String charge() { return \"\"; }",
                        "[BackOps/ReservedName] Output \"" + name + "\" is not a Java identifier.",
                        "Later steps take it as a parameter of that name; pick one like \"transactionId\".");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"clone", "equals", "finalize", "getClass", "hashCode", "notify", "notifyAll", "toString", "wait"
            })
    void name_ofMethodOfObject_isReported(String name) {
        Compiled.wrong(fulfillment("""
                        @Step(output = "%s") String charge() { return ""; }
                        @Step void send(String %s) {}
                        """.formatted(name, name)))
                .failsAt(
                        "@Step(output = \"" + name + "\") String charge() { return \"\"; }",
                        "[BackOps/ReservedName] Output \"" + name
                                + "\" is named like a method of Object, which a getter" + " cannot be.",
                        "Pick another name.");
    }

    @Test
    void name_of_withoutParams_isReported() {
        Compiled.wrong(fulfillment("@Step(output = \"of\") String charge() { return \"\"; }"))
                .failsAt(
                        "@Step(output = \"of\") String charge() { return \"\"; }",
                        "[BackOps/ReservedName] Output \"of\" would clash with FulfillmentContext.of().",
                        "Pick another name.");
    }
}
