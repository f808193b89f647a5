package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.processor.Compiled.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperationRoundsTest {

    private static final List<String> WITHOUT_LINT = List.of("--should-stop=ifError=FLOW");

    /** Mentions everything that is generated, as code elsewhere does. */
    private static final String USER = """
            package demo;

            import dev.backops.*;
            import dev.backops.codegen.OperationSteps;

            class User {
                final FulfillmentOperation operation;

                User(BackOps backOps) {
                    operation = FulfillmentOperation.on(backOps);
                }

                Enqueued enqueue(FulfillmentContext context, FulfillmentStep step) {
                    operation.key(step.stepName()).with().id(context.id()).enqueue();
                    operation.find(Status.FAILED).id(1).list().get(0).context().id();
                    FulfillmentContext.of(new Fulfillment.Params(2));
                    return operation.enqueue(1);
                }

                OperationSteps steps() {
                    return FulfillmentOperation.steps(new Fulfillment());
                }
            }
            """;

    @TempDir
    private Path directory;

    @Test
    void mistake_drawsNoOtherErrors() {
        Compiled.wrong(USER, fulfillment("""
                                record Params(long id) {}
                                @Step void charge(long id, FulfillmentContext context) { FulfillmentStep.CHARGE.stepName(); }
                                @Step void send(String email) {}
                                """))
                .failsAt(
                        "@Step void send(String email) {}",
                        "[BackOps/UnknownParameter] send takes \"email\", which is neither a param nor an output.",
                        "Known here: id");
    }

    @Test
    void mistakeInParams_drawsNoOtherErrorsInSignatures() {
        Compiled.with(
                        List.of(),
                        List.of(new BackOpsProcessor()),
                        USER,
                        fulfillment("record Params(Object id) {}\n@Step void charge(FulfillmentContext context) {}"))
                .failsAt(
                        "record Params(Object id) {}",
                        "[BackOps/NotSimple] Param \"id\" is an Object, which is not a simple type.",
                        "Name the type that it really is: a stored value is read back by its declared type.");
    }

    @Test
    void mistakeInOneClass_doesNotStopOthers() {
        Compiled compiled = Compiled.wrong(
                """
                package demo;

                import dev.backops.annotation.*;

                @Operation("wrong")
                class Wrong {
                    @Step private void charge() {}
                }
                """,
                fulfillment("record Params(long id) {}\n@Step void charge(long id, FulfillmentContext context) {}"),
                USER);
        compiled.failsAt(
                "@Step private void charge() {}",
                "[BackOps/PrivateStep] charge is private, so generated code cannot call it. Make it package-private.");
    }

    @Test
    void typesOfAnotherProcessor_areWaitedFor() {
        Compiled compiled = Compiled.with(
                List.of("-Xlint:all,-processing", "-Werror"),
                List.of(
                        new BackOpsProcessor(),
                        WritingProcessor.inRound(1, "demo.Plan", "package demo; enum Plan { RED }")),
                fulfillment("""
                        record Params(Plan plan, List<Plan> plans) {}
                        @Step(output = "chosen") Plan choose(Plan plan, FulfillmentContext context) { return context.plan(); }
                        @Step void send(Plan chosen) {}
                        """));
        compiled.succeeds();
        assertThat(compiled.source("demo.FulfillmentContext")).contains("Plan plan()", "List<Plan> plans()");
    }

    @Test
    void mistakeBesideOneThatWaits_drawsNoOtherErrors() {
        Compiled.with(
                        WITHOUT_LINT,
                        List.of(
                                new BackOpsProcessor(),
                                WritingProcessor.inRound(1, "demo.Plan", "package demo; enum Plan { RED }")),
                        """
                        package demo;

                        import dev.backops.annotation.*;

                        @Operation("wrong")
                        class Wrong {
                            @Step private void charge() {}
                        }
                        """,
                        fulfillment("record Params(Plan plan) {}\n@Step void choose(FulfillmentContext context) {}"),
                        "package demo; class User { FulfillmentOperation operation; FulfillmentContext context; }")
                .failsAt(
                        "@Step private void charge() {}",
                        "[BackOps/PrivateStep] charge is private, so generated code cannot call it. Make it"
                                + " package-private.");
    }

    @Test
    void enumsAndRecordsOfAnotherProcessor_areWaitedFor() {
        Compiled compiled = Compiled.with(
                List.of("-Xlint:all,-processing", "-Werror"),
                List.of(
                        new BackOpsProcessor(),
                        WritingProcessor.inRound(1, "demo.Setup", "package demo; enum Setup { RED, END }"),
                        WritingProcessor.inRound(
                                1, "demo.Charge", "package demo; record Charge(String id, long cents) {}")),
                fulfillment("""
                        @Step Charge charge(FulfillmentContext context) { return new Charge("", 1); }
                        @Step(jumpsTo = {"red", "end"}) Optional<Setup> choose() { return Optional.empty(); }
                        @Step(branch = "red") void red1(long cents) { FulfillmentBranch.RED.branchName(); }
                        """));
        compiled.succeeds();
        assertThat(compiled.source("demo.FulfillmentContext")).contains("Optional<Long> cents()");
        assertThat(compiled.source("demo.FulfillmentOperation")).contains("case RED -> \"red\"");
    }

    @Test
    void typeWrittenWithTheContext_isValidatedAfterIt() {
        Compiled.with(
                        List.of("-Xlint:all,-processing", "-Werror"),
                        List.of(
                                new BackOpsProcessor(),
                                WritingProcessor.inRound(1, "demo.Plan", "package demo; enum Plan { RED }"),
                                WritingProcessor.inRound(2, "demo.Late", "package demo; class Late {}")),
                        fulfillment("""
                                record Params(Plan plan) {}
                                @Step void choose(Plan plan, FulfillmentContext context) { new Late(); }
                                """))
                .succeeds();
    }

    @Test
    void typeWrittenTooLate_isReported() {
        Compiled.with(
                        WITHOUT_LINT,
                        List.of(
                                new BackOpsProcessor(),
                                WritingProcessor.inRound(2, "demo.Plan", "package demo; enum Plan { RED }")),
                        fulfillment("record Params(Plan plan) {}\n@Step void choose(Plan plan) {}"))
                .failsAt(
                        "class Fulfillment {",
                        "[BackOps/LateType] Fulfillment names a type that another processor wrote too late to be"
                                + " checked.",
                        "Only types that are written in the first round of annotation processing can be params and"
                                + " outputs.");
    }

    @Test
    void typeWrittenInTheThirdRound_isReported() {
        Compiled.with(
                        WITHOUT_LINT,
                        List.of(
                                new BackOpsProcessor(),
                                WritingProcessor.inRound(3, "demo.Plan", "package demo; enum Plan { RED }")),
                        fulfillment("record Params(Plan plan) {}\n@Step void choose(Plan plan) {}"))
                .failsAt(
                        "class Fulfillment {",
                        "[BackOps/LateType] Fulfillment names a type that another processor wrote too late to be"
                                + " checked.",
                        "Only types that are written in the first round of annotation processing can be params and"
                                + " outputs.");
    }

    @Test
    void operationThatMissesNothing_isWrittenInItsFirstRound() {
        RoundsRecorder recorder = new RoundsRecorder();

        Compiled.with(
                        List.of("-Xlint:all,-processing", "-Werror"),
                        List.of(new BackOpsProcessor(), recorder),
                        fulfillment("@Step(output = \"id\") long charge(FulfillmentContext context) { return 1; }"))
                .succeeds();

        assertThat(recorder.rootElements)
                .containsExactly(
                        Set.of("Fulfillment"),
                        Set.of("FulfillmentStep", "FulfillmentContext", "FulfillmentOperation"),
                        Set.of());
    }

    @Test
    void constantOfAnotherProcessor_isWaitedFor() {
        Compiled compiled = Compiled.with(
                List.of("-Xlint:all,-processing", "-Werror"),
                List.of(
                        new BackOpsProcessor(),
                        WritingProcessor.inRound(
                                1, "demo.Limits", "package demo; class Limits { static final int TRIES = 7; }")),
                fulfillment("@Step(retry = @Retry(maxAttempts = Limits.TRIES)) void charge() {}"));
        compiled.succeeds();
        assertThat(compiled.source("demo.FulfillmentOperation")).contains("RetryPolicy.of(7,");
    }

    @Test
    void contextOfAnotherOperationOfTheSameName_isReported() {
        Compiled.with(List.of(), List.of(new BackOpsProcessor()), """
                        package other;

                        import dev.backops.annotation.*;

                        @Operation("other")
                        public class Fulfillment {
                            @Step void charge(FulfillmentContext context) {}
                        }
                        """, """
                        package demo;

                        import dev.backops.annotation.*;
                        import other.FulfillmentContext;

                        @Operation("fulfillment")
                        class Fulfillment {
                            @Step void send(FulfillmentContext context) {}
                        }
                        """)
                .failsAt(
                        "@Step void send(FulfillmentContext context) {}",
                        "[BackOps/UnknownParameter] send takes \"context\", which is neither a param nor an output.",
                        "Steps of Fulfillment can take its own context, demo.FulfillmentContext.");
    }

    @Test
    void nameOfOneThatWaits_isStillItsOwn() {
        Compiled.with(
                        WITHOUT_LINT,
                        List.of(
                                new BackOpsProcessor(),
                                WritingProcessor.inRound(1, "demo.Plan", "package demo; enum Plan { RED }")),
                        """
                        package demo;

                        import dev.backops.annotation.*;

                        @Operation("orders")
                        class Archive {
                            @Step void charge(Plan plan) {}
                            record Params(Plan plan) {}
                        }
                        """,
                        """
                        package demo;

                        import dev.backops.annotation.*;

                        @Operation("orders")
                        class Billing {
                            @Step void charge() {}
                        }
                        """)
                .failsAt(
                        "@Operation(\"orders\")",
                        "[BackOps/DuplicateOperation] \"orders\" already names the operation demo.Archive.",
                        "Stored operations find their class by name; pick another.");
    }

    @Test
    void operationOfAnotherProcessor_isGeneratedFor() {
        Compiled compiled = Compiled.with(
                List.of("-Xlint:all,-processing", "-Werror"),
                List.of(new BackOpsProcessor(), WritingProcessor.inRound(1, "demo.Generated", """
                                package demo;

                                import dev.backops.annotation.*;

                                @Operation("generated")
                                class Generated {
                                    @Step void charge(GeneratedContext context) {}
                                }
                                """)),
                "package demo; class User { GeneratedOperation operation; }");
        compiled.succeeds();
    }

    @Test
    void missingType_isLeftToTheCompiler() {
        Compiled compiled = Compiled.with(
                WITHOUT_LINT,
                List.of(new BackOpsProcessor()),
                fulfillment("""
                        record Params(long id, Plan plan) {}
                        @Step void charge(long id, FulfillmentContext context) { context.id(); }
                        """),
                "package demo; class User { FulfillmentOperation operation; FulfillmentContext context; }");
        assertThat(compiled.errors())
                .isNotEmpty()
                .allSatisfy(error ->
                        assertThat(error).contains("cannot find symbol").contains("Plan"));
    }

    @Test
    void missingType_hidesNoMistakeThatIsOneWithoutIt() throws IOException {
        SourceDirectory sources = SourceDirectory.of(
                directory,
                fulfillment("""
                        record Params(long id, Plan plan) {}
                        @Step(delay = "1h") void charge(long id, FulfillmentContext context) { context.id(); }
                        @Step(then = "nowhere") void send(Plan plan) {}
                        @Step private void archive() {}
                        @Step(name = "end") Plan finish(String name) { return null; }
                        @Step(retry = @Retry(maxAttempts = 0), output = "it") Plan choose() { return null; }
                        @Step(branch = "blue", at = "it") void remind(String it) {}
                        """),
                "package demo; class User { FulfillmentOperation operation; FulfillmentContext context; }",
                """
                package demo;

                @dev.backops.annotation.Operation("fulfillment")
                class Refund {
                    record Params(Plan plan) {}
                    @dev.backops.annotation.Step void refund() {}
                }

                """,
                "package demo; class RefundStep {}");
        List<String> byJavac = sources.javac();
        assertThat(byJavac)
                .filteredOn(message -> message.contains("[BackOps/"))
                .extracting(message -> message.replaceAll("\\[BackOps/(\\w+)][^$]*", "$1"))
                .containsExactlyInAnyOrder(
                        "16: InvalidDelay",
                        "17: UnknownJump",
                        "18: PrivateStep",
                        "19: ReservedName",
                        "20: InvalidRetry",
                        "3: DuplicateOperation",
                        "4: ClashingName");
        assertThat(byJavac)
                .filteredOn(message -> !message.contains("[BackOps/"))
                .isNotEmpty()
                .allMatch(message -> message.contains("cannot find symbol") && message.contains("Plan"));
        assertThat(sources.eclipse("-warn:none"))
                .filteredOn(message -> !message.contains("Plan cannot be resolved to a type"))
                .containsExactlyInAnyOrderElementsOf(byJavac.stream()
                        .filter(message -> message.contains("[BackOps/"))
                        .toList());
    }

    @Test
    void missingConstant_isLeftToTheCompiler() {
        assertThat(Compiled.wrong(fulfillment("""
                                @Step(timeout = Limits.SEND, then = Limits.NEXT) void send() {}
                                @Step(output = Limits.NAME) String charge() { return ""; }
                                @Step void archive(String receipt) {}
                                """)).errors())
                .hasSize(3)
                .allSatisfy(error -> assertThat(error).contains("cannot find symbol"));
    }

    @Test
    void exceptionOfAMissingClass_isLeftToTheCompiler() {
        assertThat(Compiled.wrong(fulfillment("""
                                static class Declined extends Missing {}
                                @Step void charge() throws Declined {}
                                """)).errors())
                .isNotEmpty()
                .noneMatch(error -> error.contains("[BackOps/"));
    }

    @Test
    void componentThatStandsTwice_isLeftToTheCompiler() {
        for (String record : List.of("Params", "Receipt")) {
            assertThat(Compiled.wrong(fulfillment("""
                                    record NAME(long id, Plan id) {}
                                    enum Plan { RED }
                                    @Step Object charge() { return null; }
                                    """.replace("NAME", record).replace("Object", record)))
                            .errors())
                    .isNotEmpty()
                    .allSatisfy(error -> assertThat(error).contains("is already defined in record"));
        }
    }

    @Test
    void stepThatTakesAnOperation_isReported() {
        Compiled.wrong(fulfillment("@Step void charge(FulfillmentOperation operation) {}"))
                .failsAt(
                        "@Step void charge(FulfillmentOperation operation) {}",
                        "[BackOps/UnknownParameter] charge takes \"operation\", which is neither a param nor an output.",
                        "Services belong in the constructor of Fulfillment, and what a step works on in Params or an"
                                + " output.");
    }

    @Test
    void stepThatTakesAnotherOperation_isReported() {
        Compiled.wrong(fulfillment("@Step void charge(OtherOperation operation) {}"), """
                        package demo;

                        import dev.backops.annotation.*;

                        @Operation("other")
                        class Other {
                            @Step void charge(OtherContext context) {}
                        }
                        """)
                .failsAt(
                        "@Step void charge(OtherOperation operation) {}",
                        "[BackOps/UnknownParameter] charge takes \"operation\", which is neither a param nor an output.",
                        "Services belong in the constructor of Fulfillment, and what a step works on in Params or an"
                                + " output.");
    }

    @Test
    void errorElsewhere_drawsNoneOfOurs() {
        Compiled compiled = Compiled.with(
                List.of(),
                List.of(new BackOpsProcessor(), WritingProcessor.failing("no luck")),
                fulfillment("@Step void charge() {}"));
        assertThat(compiled.errors()).containsExactly(" | no luck");
    }

    @Test
    void errorElsewhere_hidesNoMistake() {
        Compiled compiled = Compiled.wrong(
                fulfillment("@Step private void charge() {}"), "package demo; class Broken { int i = \"text\"; }");
        compiled.fails(
                Problem.at(
                        "@Step private void charge() {}",
                        "[BackOps/PrivateStep] charge is private, so generated code cannot call it. Make it"
                                + " package-private."),
                new Problem(
                        "package demo; class Broken { int i = \"text\"; }",
                        "incompatible types: java.lang.String cannot be converted to int"));
    }

    @Test
    void clashingName_isReported() {
        for (String type : List.of("FulfillmentOperation", "FulfillmentContext", "FulfillmentStep")) {
            Compiled.wrong(
                            fulfillment("record Params(long id) {}\n@Step void charge(long id) {}"),
                            "package demo; class " + type + " {}")
                    .failsAt(
                            "class Fulfillment {",
                            "[BackOps/ClashingName] Fulfillment generates " + type
                                    + ", but there is a class of that name.",
                            "Rename one of them.");
        }
    }

    @Test
    void clashingName_ofTwoOperations_isReported() {
        Compiled.wrong("""
                        package demo;

                        import dev.backops.annotation.*;

                        class Outer {
                            @Operation("nested")
                            static class Inner { @Step void charge() {} }
                        }
                        """, """
                        package demo;

                        import dev.backops.annotation.*;

                        @Operation("flat")
                        class Outer_Inner { @Step void charge() {} }
                        """)
                .failsAt(
                        "class Outer_Inner { @Step void charge() {} }",
                        "[BackOps/ClashingName] Outer_Inner and demo.Outer.Inner both generate Outer_InnerStep.",
                        "Rename one of them.");
    }

    /** Remembers the simple names of the classes that each round brings. */
    private static final class RoundsRecorder extends AbstractProcessor {

        final List<Set<String>> rootElements = new ArrayList<>();

        @Override
        public Set<String> getSupportedAnnotationTypes() {
            return Set.of("*");
        }

        @Override
        public SourceVersion getSupportedSourceVersion() {
            return SourceVersion.latestSupported();
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            rootElements.add(round.getRootElements().stream()
                    .map(element -> element.getSimpleName().toString())
                    .collect(Collectors.toSet()));
            return false;
        }
    }
}
