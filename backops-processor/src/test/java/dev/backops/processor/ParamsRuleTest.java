package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;

import dev.backops.processor.Compiled.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParamsRuleTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            static class Params {}           | Params must be a record, for example: record Params(long subscriptionId) {}
            interface Params {}              | Params must be a record, for example: record Params(long subscriptionId) {}
            private record Params(long id) {} | Params is private, so generated code cannot name it. Make it package-private.
            record Params<T>(long id) {}     | Params has type parameters, but its values must be of known types. Remove them.
            """)
    void params_areReportedOnce(String declaration, String problem) {
        Compiled.wrong(fulfillment(declaration + "\n@Step void charge(long id) {}"))
                .failsAt(declaration, "[BackOps/InvalidParams] " + problem);
    }

    @Test
    void empty_isReported() {
        Compiled.wrong(fulfillment("record Params() {}\n@Step void charge() {}"))
                .failsAt(
                        "record Params() {}",
                        "[BackOps/InvalidParams] Params has no components. Remove it: an operation may have no params.");
    }

    @Test
    void paramsOfAPublicOperation_arePublic() {
        Compiled.wrong(fulfillment("""
                                record CustomerId(long value) {}
                                public enum Plan { RED }
                                record Params(
                                    long id,
                                    CustomerId customerId,
                                    Plan plan,
                                    Optional<Set<Tariff>> tariffs) {}
                                enum Tariff { FLAT }
                                @Step void charge() {}
                                """).replace("class Fulfillment", "public class Fulfillment"))
                .fails(
                        Problem.at(
                                "record Params(",
                                "[BackOps/HiddenParams] Params is not public, but Fulfillment is: code in other packages"
                                        + " could enqueue one operation, but not many.",
                                "Make it public, or Fulfillment package-private."),
                        hidden("CustomerId customerId,", "customerId", "demo.Fulfillment.CustomerId"),
                        hidden(
                                "Optional<Set<Tariff>> tariffs) {}",
                                "tariffs",
                                "java.util.Optional<java.util.Set<demo.Fulfillment.Tariff>>"));
    }

    private static Problem hidden(String line, String name, String type) {
        return Problem.at(
                line,
                "[BackOps/HiddenParams] Param \"" + name + "\" is a " + type
                        + ", which is not public, but Fulfillment is: code in other packages could not enqueue it.",
                "Make it public, or Fulfillment package-private.");
    }

    @Test
    void misnamed_isReportedOnce() {
        Compiled.wrong(fulfillment("""
                        record Parameters(long id, String email) {}
                        @Step void charge(long id) {}
                        @Step void send(long id, String email) {}
                        """))
                .failsAt(
                        "record Parameters(long id, String email) {}",
                        "[BackOps/InvalidParams] Parameters has components that steps take, but only a record called"
                                + " Params is enqueued.",
                        "Call it Params.");
    }

    @Test
    void component_calledEquals_isReported() {
        Compiled.wrong(fulfillment("record Params(long equals) {}\n@Step void charge(long equals) {}"))
                .failsAt(
                        "record Params(long equals) {}",
                        "[BackOps/ReservedName] Param \"equals\" is named like a method of Object, which a getter cannot"
                                + " be.",
                        "Pick another name.");
    }

    @Test
    void everyComponent_isReportedOnItsLine() {
        Compiled.wrong(fulfillment("""
                        record Params(
                            Object first,
                            Object second) {}
                        @Step void charge() {}
                        """))
                .fails(problem("first", "Object first,"), problem("second", "Object second) {}"));
    }

    private static Problem problem(String name, String line) {
        return Problem.at(
                line,
                "[BackOps/NotSimple] Param \"" + name + "\" is an Object, which is not a simple type.",
                "Name the type that it really is: a stored value is read back by its declared type.");
    }
}
