package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.processor.Compiled.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormerNameRuleTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            two words   | "two words" cannot have named an operation. Remove it.
            fulfillment | "fulfillment" names Fulfillment already. Remove it.
            old         | "old" names Fulfillment already. Remove it.
            """)
    void operation_isReportedAtTheItem(String name, String problem) {
        Compiled.wrong(fulfillment("@Step void charge() {}")
                        .replace(
                                "(\"fulfillment\")",
                                "(value = \"fulfillment\", formerly = {\"old\",\n\"" + name + "\"\n})"))
                .failsAt("\"" + name + "\"", "[BackOps/InvalidFormerName] " + problem);
    }

    @Test
    void operation_thatAnotherOneIsCalled_isReported() {
        String other = """
                package demo;

                @dev.backops.annotation.Operation("orders")
                class Archive { @dev.backops.annotation.Step void send() {} }
                """;
        Compiled.wrong(
                        other,
                        fulfillment("@Step void charge() {}")
                                .replace("(\"fulfillment\")", "(value = \"fulfillment\",\nformerly = \"orders\"\n)"))
                .failsAt(
                        "formerly = \"orders\"",
                        "[BackOps/DuplicateOperation] \"orders\" already names the operation demo.Archive.",
                        "Stored operations find their class by name; pick another.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            formerly = "two words"                    | "two words" cannot have named a step or branch: it is no Java identifier. |
            formerly = "charge"                       | "charge" names a step or branch today, so it cannot be a former name of "charge". | Remove it, or give what is called so today another name.
            formerly = "send"                         | "send" names a step or branch today, so it cannot be a former name of "charge". | Remove it, or give what is called so today another name.
            formerly = "undo"                         | "undo" names a step or branch today, so it cannot be a former name of "charge". | Remove it, or give what is called so today another name.
            formerly = "end"                          | "end" names a step or branch today, so it cannot be a former name of "charge". | Remove it, or give what is called so today another name.
            branchFormerly = "start"                  | charge is on main, which has never had another name. Remove branchFormerly. |
            outputFormerly = "old"                    | charge keeps no output that could have had another name. Remove outputFormerly. |
            output = "id", outputFormerly = "id"      | "id" names a param or output today, so it cannot be a former name of "id". | Remove it, or give what is called so today another name.
            output = "id", outputFormerly = "orderId" | "orderId" names a param or output today, so it cannot be a former name of "id". | Remove it, or give what is called so today another name.
            output = "id", outputFormerly = "1st"     | "1st" cannot have named a param or output: it is no Java identifier. |
            """)
    void step_isReported(String settings, String problem, String advice) {
        String[] lines = advice == null ? new String[] {problem} : new String[] {problem, advice};
        lines[0] = "[BackOps/InvalidFormerName] " + lines[0];
        Compiled.wrong(fulfillment("""
                        record Params(long orderId) {}
                        @Step(%s)
                        String charge() { return ""; }
                        @Step(onFailure = "undo") void send() {}
                        @Step(branch = "undo") void apologise() {}
                        """.formatted(settings))).failsAt("@Step(" + settings + ")", lines);
    }

    @Test
    void nameOfTwo_isReportedAtTheSecond() {
        Compiled.wrong(fulfillment("""
                        record Params(
                            @Formerly({"id", "id"}) long orderId,
                            @Formerly("id") long customerId) {}
                        @Step(formerly = "pay", onFailure = "undo") void charge() {}
                        @Step(
                            formerly = "pay"
                        )
                        void send() {}
                        @Step(branch = "undo",
                            branchFormerly = "pay"
                        )
                        void apologise() {}
                        """))
                .fails(
                        twice("formerly = \"pay\"", "pay", "charge"),
                        twice("branchFormerly = \"pay\"", "pay", "charge"),
                        twice("@Formerly(\"id\") long customerId) {}", "id", "orderId"));
    }

    @Test
    void componentOfARecord_isReportedAtTheOutput() {
        Compiled.wrong(fulfillment("""
                        record Params(long feeId) {}
                        record Fee(@Formerly("id") long number, int cents) {}
                        @Step(
                            output = "fee"
                        )
                        Fee charge() { return null; }
                        """))
                .failsAt(
                        "output = \"fee\"",
                        "[BackOps/InvalidFormerName] \"feeId\" names a param or output today, so it cannot be a former"
                                + " name of \"feeNumber\".",
                        "Remove it, or give what is called so today another name.");
    }

    @Test
    void componentsOfARecord_wereCalledAllThatTheirPartsWere() {
        Compiled compiled = Compiled.of(fulfillment("""
                record Fee(@Formerly({"id", "key"}) long number, int cents) {}
                @Step(output = "fee", outputFormerly = "cost") Fee charge() { return null; }
                """));
        compiled.succeeds();
        assertThat(compiled.source("demo.FulfillmentContext"))
                .contains(
                        ".formerly(\"feeId\", \"feeKey\", \"costNumber\", \"costId\", \"costKey\")",
                        ".formerly(\"costCents\")");
    }

    @Test
    void stepsThatSetOneOutput_mayAllSayWhatItWasCalled() {
        Compiled compiled = Compiled.of(fulfillment("""
                enum Way { RED, BLUE }
                @Step(jumpsTo = {"red", "blue"}) Way choose() { return Way.RED; }
                @Step(branch = "red", output = "plan", outputFormerly = "tariff") String setUpRed() { return ""; }
                @Step(branch = "blue", output = "plan", outputFormerly = {"tariff", "scheme"})
                String setUpBlue() { return ""; }
                """));
        compiled.succeeds();
        assertThat(compiled.source("demo.FulfillmentContext")).contains(".formerly(\"tariff\", \"scheme\")");
    }

    private static Problem twice(String line, String name, String owner) {
        return Problem.at(
                line,
                "[BackOps/InvalidFormerName] \"" + name + "\" is a former name of \"" + owner
                        + "\" already, so what is stored under it could be either.",
                "Remove one.");
    }
}
