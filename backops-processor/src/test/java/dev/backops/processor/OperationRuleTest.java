package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.processor.Compiled.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperationRuleTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            interface Wrong { @Step default void charge(String unknown) {} } | is an interface, but an operation is a class. Make it a class, or list action types.
            enum Wrong { ONE; @Step void charge(String unknown) {} }         | is an enum, but an operation is a class. Make it a class.
            record Wrong(long id) { @Step void charge(String unknown) {} }   | is a record, but an operation is a class. Make it a class.
            @interface Wrong {}                                              | is an annotation, but an operation is a class. Make it a class.
            class Wrong<T> { @Step void charge() {} }                        | has type parameters, but an operation is one class. Remove them.
            """)
    void kind_isReportedOnce(String declaration, String problem) {
        Compiled.wrong(operation(declaration)).failsAt(declaration, "[BackOps/InvalidOperationClass] Wrong " + problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            private static class Wrong { @Step void charge() {} } | is private or inside a private class, so generated code cannot name it. Make it package-private.
            class Wrong { @Step void charge() {} }                | needs an object of the class around it. Make it static.
            """)
    void nested_isReported(String declaration, String problem) {
        Compiled.wrong("""
                        package demo;

                        import dev.backops.annotation.Step;

                        class Outer {
                            @dev.backops.annotation.Operation("wrong")
                            %s
                        }
                        """.formatted(declaration))
                .failsAt(declaration, "[BackOps/InvalidOperationClass] Wrong " + problem);
    }

    @Test
    void nestedInPrivate_isReported() {
        Compiled.wrong("""
                        package demo;

                        import dev.backops.annotation.*;

                        class Outer {
                            private static class Hidden {
                                @Operation("wrong")
                                static class Wrong { @Step void charge() {} }
                            }
                        }
                        """)
                .failsAt(
                        "static class Wrong { @Step void charge() {} }",
                        "[BackOps/InvalidOperationClass] Wrong is private or inside a private class, so generated code"
                                + " cannot name it. Make it package-private.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7up", "with space", "ünicode", "-dash", "a/b"})
    void name_isReportedAtTheValue(String name) {
        Compiled.wrong("""
                        package demo;

                        import dev.backops.annotation.*;

                        @Operation(
                            "%s"
                        )
                        class Wrong { @Step void charge() {} }
                        """.formatted(name))
                .failsAt(
                        "\"" + name + "\"",
                        "[BackOps/InvalidOperationName] \"" + name + "\" cannot name an operation.",
                        "It must have 1 to 200 characters, letters from a to z, digits, \"_\", \"-\" and \".\", and begin with a letter,"
                                + " for example \"subscriptions.fulfillment\".");
    }

    @Test
    void name_ofTwoHundredCharacters_isTheLongest() {
        Compiled.of(operation("class Right { @Step void charge() {} }").replace("wrong", "a".repeat(200)))
                .succeeds();
        assertThat(Compiled.wrong(operation("class Wrong { @Step void charge() {} }")
                                .replace("wrong", "a".repeat(201)))
                        .errors())
                .singleElement()
                .asString()
                .contains("[BackOps/InvalidOperationName]");
    }

    @Test
    void duplicateOperation_isReportedAtTheSecond() {
        Compiled.wrong(
                        operation("class First { @Step void charge() {} }"),
                        operation("class Second { @Step void charge() {} }"))
                .failsAt(
                        "@Operation(\"wrong\")",
                        "[BackOps/DuplicateOperation] \"wrong\" already names the operation demo.First.",
                        "Stored operations find their class by name; pick another.");
    }

    @Test
    void noSteps_isReportedAtTheAnnotation() {
        Compiled.wrong(
                        operation("class Wrong { void charge() {} }"),
                        "package demo; class User { WrongStep step; WrongOperation operation; WrongContext context; }")
                .failsAt(
                        "@Operation(\"wrong\")",
                        "[BackOps/NoSteps] Wrong has no steps.",
                        "Annotate the methods that do the work with @Step; they run in source order.");
    }

    @Test
    void mutableField_isWarnedAbout() {
        Compiled.wrong(fulfillment("""
                                static int count;
                                @Inject Object injected;
                                private final Object service = "";
                                private String last;
                                @SuppressWarnings("BackOps/MutableState") private String known;
                                @interface Inject {}
                                @Step void charge() {}
                                """))
                .warnsAt(
                        "private String last;",
                        "[BackOps/MutableState] last can change, but one Fulfillment serves all operations and threads at"
                                + " once.",
                        "Make it final, and hand values on to later steps as outputs.");
    }

    @Test
    void mutableField_ofSuppressedClass_isNotWarnedAbout() {
        Compiled.of(operation("@SuppressWarnings({\"unused\", \"BackOps/MutableState\"}) class Right {"
                        + " private String last; @Step void charge() {} }"))
                .succeeds();
    }

    @Test
    void stepOutsideOperation_isReportedAtTheAnnotation() {
        Compiled.wrong("""
                        package demo;

                        class Stray {
                            @dev.backops.annotation.Step
                            void charge() {}
                            @dev.backops.annotation.Step void refund() {}
                        }
                        """, operation("class Wrong { @Step void send(String unknown) {} }"))
                .fails(
                        Problem.at(
                                "@dev.backops.annotation.Step",
                                "[BackOps/StepOutsideOperation] charge is a step, but Stray is not an operation.",
                                "Annotate Stray with @Operation, or move the step into the operation that it belongs to."),
                        Problem.at(
                                "@dev.backops.annotation.Step void refund() {}",
                                "[BackOps/StepOutsideOperation] refund is a step, but Stray is not an operation.",
                                "Annotate Stray with @Operation, or move the step into the operation that it belongs to."),
                        Problem.at(
                                "class Wrong { @Step void send(String unknown) {} }",
                                "[BackOps/UnknownParameter] send takes \"unknown\", which is neither a param nor an"
                                        + " output.",
                                "Nothing is known here: Wrong has no record Params, and no earlier step has an output."));
    }

    @Test
    void stepWithoutOperationBesideParams_isReported() {
        Compiled.wrong("""
                        package demo;

                        class Stray {
                            record Params(long id) {}
                            @dev.backops.annotation.Step void charge(long id) {}
                        }
                        """)
                .failsAt(
                        "@dev.backops.annotation.Step void charge(long id) {}",
                        "[BackOps/StepOutsideOperation] charge is a step, but Stray is not an operation.",
                        "Annotate Stray with @Operation, or move the step into the operation that it belongs to.");
    }

    @Test
    void stepOutsideOperation_withoutAnyOperation_isReported() {
        Compiled.wrong("package demo;\ninterface Stray { @dev.backops.annotation.Step void charge(); }")
                .failsAt(
                        "interface Stray { @dev.backops.annotation.Step void charge(); }",
                        "[BackOps/StepOutsideOperation] charge is a step, but Stray is not an operation.",
                        "Annotate Stray with @Operation, or move the step into the operation that it belongs to.");
    }

    private static String operation(String declaration) {
        return """
                package demo;

                import dev.backops.annotation.Operation;
                import dev.backops.annotation.Step;

                @Operation("wrong")
                %s
                """.formatted(declaration);
    }
}
