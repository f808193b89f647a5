package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;

import dev.backops.processor.Compiled.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StepRuleTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            private void charge() {}              | PrivateStep     | charge is private, so generated code cannot call it. Make it package-private.
            static void charge() {}               | StaticStep      | charge is static, but a step belongs to an object. Remove static.
            <T> void charge() {}                  | GenericStep     | charge has type parameters, but values must be of known types.
            void charge() throws Throwable {}     | ThrowsThrowable | charge declares a Throwable. A step may only throw exceptions and errors: declare Exception.
            """)
    void method_isReported(String method, String id, String problem) {
        Compiled.wrong(fulfillment("@Step\n" + method)).failsAt(method, "[BackOps/" + id + "] " + problem);
    }

    @Test
    void abstractStep_isReported() {
        Compiled.wrong("""
                        package demo;

                        import dev.backops.annotation.*;

                        @Operation("fulfillment")
                        abstract class Fulfillment {
                            @Step
                            abstract void charge();
                        }
                        """)
                .failsAt(
                        "abstract void charge();",
                        "[BackOps/AbstractStep] charge is abstract, but a step must have a body.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            class Base { @Step void charge() {} }          | extends Base     |                         | Base
            class Base { @Step void charge() {} }          | extends Base     | @Override void charge() {} | Base
            interface Base { @Step default void charge() {} } | implements Base |                       | Base
            class Base { @Step void charge() {} @Step void send() {} } | extends Base | @Override @Step void send() {} | Base
            class Base extends Top {} class Top { @Step void charge() {} } | extends Base |               | Top
            """)
    void inheritedStep_isReportedAtTheClass(String base, String heritage, String override, String owner) {
        Compiled.wrong(fulfillment("@Step void archive() {}\n" + (override == null ? "" : override))
                        .replace("class Fulfillment {", base + "\nclass Fulfillment " + heritage + " {")
                        .replace(
                                "@dev.backops.annotation.Operation(\"fulfillment\")\n" + base,
                                base + "\n@dev.backops.annotation.Operation(\"fulfillment\")"))
                .failsAt(
                        "class Fulfillment " + heritage + " {",
                        "[BackOps/InheritedStep] Fulfillment inherits charge from " + owner
                                + ", but an operation runs only the steps that it declares itself.",
                        "Override it in Fulfillment, annotated with @Step, or move it there.");
    }

    @ParameterizedTest
    @CsvSource({"@Transactional,,@Transactional", ",@Transactional,@Transactional", "@Traced,,@Traced"})
    void finalStep_ofAClassBehindAProxy_isWarnedAbout(String onClass, String onMethod, String shown) {
        Compiled.wrong(
                        fulfillment("""
                                @Step final void charge() {}
                                @Step %s void send() {}
                                """.formatted(onMethod == null ? "" : onMethod))
                                .replace(
                                        "class Fulfillment {",
                                        (onClass == null ? "" : onClass) + " class Fulfillment {\n"),
                        """
                        package demo;

                        @interface Transactional {}
                        """,
                        """
                        package demo;

                        @InterceptorBinding
                        @interface Traced {}
                        """,
                        "package demo; @interface InterceptorBinding {}")
                .warnsAt(
                        "@Step final void charge() {}",
                        "[BackOps/FinalStep] charge is final, so the proxy that " + shown
                                + " puts around Fulfillment cannot hand it on: it would run on the proxy, whose fields are"
                                + " empty.",
                        "Remove final.");
    }

    @Test
    void finalStep_isFineElsewhere() {
        Compiled.of(fulfillment("@Step final void charge() {}")).succeeds();
    }

    @Test
    void abstractOperation_mayHaveConcreteSteps() {
        Compiled.of("""
                        package demo;

                        import dev.backops.annotation.*;

                        @Operation("fulfillment")
                        abstract class Fulfillment {
                            @Step protected final synchronized void charge() { pay(); }
                            abstract void pay();
                        }
                        """).succeeds();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CompletableFuture<String>     | java.util.concurrent.CompletableFuture<String>
            Future<?>                     | java.util.concurrent.Future<?>
            Flow.Publisher<String>        | java.util.concurrent.Flow.Publisher<String>
            """)
    void asyncStep_isReportedOnce(String type, String shown) {
        Compiled.wrong(fulfillment("""
                        @Step(output = "transactionId")
                        %s charge() { return null; }
                        @Step void send(String transactionId) {}
                        """.formatted(type)))
                .failsAt(
                        type + " charge() { return null; }",
                        "[BackOps/AsyncStep] charge returns " + shown
                                + ", but a step is recorded as done when it returns.",
                        "Wait for the result inside the step.");
    }

    @Test
    void overloadedStep_isReportedAtTheLaterOne() {
        Compiled.wrong(fulfillment("""
                        record Params(long id) {}
                        @Step void charge() {}
                        @Step void charge(long id) {}
                        """))
                .failsAt(
                        "@Step void charge(long id) {}",
                        "[BackOps/OverloadedStep] charge is the name of an earlier step method too. Name each step method"
                                + " differently.");
    }

    @Test
    void duplicateStep_isReportedAtTheName() {
        Compiled.wrong(fulfillment("""
                        @Step void charge() {}
                        @Step(
                            name = "charge"
                        )
                        void send() {}
                        """))
                .failsAt(
                        "name = \"charge\"",
                        "[BackOps/DuplicateStep] \"charge\" already names a step. Stored operations find steps by name; pick"
                                + " another.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "end"})
    void reservedName_isReported(String name) {
        Compiled.wrong(fulfillment("@Step void " + name + "() {}"))
                .failsAt(
                        "@Step void " + name + "() {}",
                        "[BackOps/ReservedName] \"" + name
                                + "\" is reserved and cannot name a step. Pick another name.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"charge card", "class", "true", "a.b", "1st", "_"})
    void name_thatIsNoIdentifier_isReported(String name) {
        Compiled.wrong(fulfillment("@Step(name = \"" + name + "\") void charge() {}"))
                .failsAt(
                        "@Step(name = \"" + name + "\") void charge() {}",
                        "[BackOps/ReservedName] \"" + name
                                + "\" cannot name a step: it must be a Java identifier, like \"chargeCreditCard\".");
    }

    @Test
    void namesThatBecomeOneConstant_areTold_apart() {
        Compiled.of(fulfillment("""
                        @Step void chargeCard() {}
                        @Step void charge_card() {}
                        @Step void CHARGE_CARD() {}
                        """)).succeeds();
    }

    @Test
    void mistakesOfOneMethod_areAllReported() {
        Compiled.wrong(fulfillment("@Step(output = \"x\")\nprivate static void charge() {}"))
                .fails(
                        Problem.at(
                                "private static void charge() {}",
                                "[BackOps/PrivateStep] charge is private, so generated code cannot call it. Make it"
                                        + " package-private."),
                        Problem.at(
                                "private static void charge() {}",
                                "[BackOps/StaticStep] charge is static, but a step belongs to an object. Remove static."),
                        Problem.at(
                                "@Step(output = \"x\")",
                                "[BackOps/OutputOfVoid] charge returns nothing, so there is no \"x\" to keep.",
                                "Return the value, or remove the output."));
    }
}
