package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Generated code compiles, without a warning, wherever an operation may stand and whatever it is called. */
class GeneratedCodeTest {

    private static final List<String> NAMES = List.of(
            "client",
            "values",
            "run",
            "enqueue",
            "handle",
            "operation",
            "finder",
            "params",
            "search",
            "statuses",
            "with",
            "find",
            "list",
            "count",
            "first",
            "resume",
            "key",
            "in",
            "at",
            "after",
            "priority",
            "on",
            "steps",
            "of",
            "context",
            "fulfillment",
            "backOps",
            "record",
            "var",
            "yield",
            "sealed",
            "permits",
            "module",
            "when",
            "open",
            "to",
            "exports",
            "name",
            "ordinal",
            "stepName",
            "valueOf",
            "last",
            "lastStage",
            "$",
            "$L",
            "ünïcode");

    private static final List<String> OPERATIONS = List.of(
            "Values",
            "Run",
            "Operation",
            "Switch",
            "Object",
            "Handle",
            "Optional",
            "List",
            "Context",
            "Step",
            "String",
            "Long",
            "Override",
            "Enum",
            "Map",
            "Instant",
            "StepRun",
            "BackOps",
            "Finder",
            "Search",
            "Status",
            "Types");

    @Test
    void unnamedPackage() {
        Compiled.of(
                        """
                        import dev.backops.annotation.*;

                        @Operation("fulfillment")
                        public class Fulfillment {
                            public record Params(long id, Finder finder, LastStage last, IdStage stage, Values values) {}
                            @Step(output = "list") Values charge(Finder finder, FulfillmentContext context) { return context.values(); }
                            @Step void send(Values list, Values values) {}
                        }
                        """,
                        "public enum Finder { A }",
                        "public enum LastStage { A }",
                        "public enum IdStage { A }",
                        "public enum Values { A }")
                .succeeds();
    }

    @Test
    void namedModule(@TempDir Path directory) throws IOException {
        String documented = Pattern.compile("requires dev[\\w.]+;")
                .matcher(Files.readString(Path.of("../docs/getting-started.md")))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.joining(" "));
        for (String more : List.of("", "requires java.compiler;")) {
            SourceDirectory sources = SourceDirectory.of(
                            directory, "module shop { exports demo; " + documented + more + " }", """
                    package demo;

                    import dev.backops.*;
                    import dev.backops.annotation.*;
                    import java.util.Optional;
                    import org.jdbi.v3.core.Handle;

                    @Operation("fulfillment")
                    @SuppressWarnings("exports")
                    public final class Fulfillment {
                        public record Params(long id, Plan plan, Optional<String> note) {}
                        public enum Plan { RED, BLUE }

                        /** Creates the operation. */
                        public Fulfillment() {}

                        @Step(output = "chosen") Optional<Plan> choose(Plan plan, StepRun run) { return null; }
                        @Step void send(FulfillmentContext context, Optional<Plan> chosen, Handle handle) {}

                        static long run(BackOps backOps) {
                            backOps.register(FulfillmentOperation.steps(new Fulfillment()));
                            return FulfillmentOperation.on(backOps).enqueue(1, Plan.RED, Optional.empty()).id();
                        }
                    }
                    """)
                    .onModulePath();
            assertThat(sources.javac("-Xlint:all,-processing,-classfile,-requires-automatic"))
                    .isEmpty();
            assertThat(sources.generated("demo/FulfillmentStep.java").contains("@Generated"))
                    .isEqualTo(!more.isEmpty());
        }
    }

    /** Each as the type of values, and all of them in the package of an operation that does not mention them. */
    @Test
    void typesOfThePackage() {
        List<String> names = List.of(
                "Object",
                "String",
                "Long",
                "Integer",
                "Override",
                "SuppressWarnings",
                "Optional",
                "List",
                "Collection",
                "Values",
                "Field",
                "Types",
                "Step",
                "Context",
                "Operation",
                "Status",
                "Search",
                "Priority",
                "KeyScope",
                "Dedupe",
                "Handle",
                "Connection",
                "BigDecimal",
                "Map",
                "Instant",
                "Duration",
                "BackOps",
                "Enqueued",
                "Generated",
                "StepRun",
                "Finder",
                "LastStage",
                "Enum");
        List<String> sources = new ArrayList<>();
        for (String name : names) {
            sources.add("package demo; public enum " + name + " { ONE }");
            sources.add(operationOn(name, "On" + name));
        }
        sources.add(operationOn("java.util.UUID", "OnUuid"));
        Compiled.of(sources.toArray(java.lang.String[]::new)).succeeds();
    }

    private static String operationOn(String type, String name) {
        return """
                package demo;

                @dev.backops.annotation.Operation(value = "NAME", keyScope = dev.backops.annotation.KeyScope.UNFINISHED,
                        dedupe = dev.backops.annotation.Dedupe.SAME_PARAMS, priority = dev.backops.annotation.Priority.LOW)
                @Deprecated
                public class NAME {
                    public record Params(long id, java.lang.String text, Number0 number, java.util.List<TYPE> list, TYPE one,
                            @dev.backops.annotation.Default("1.5") java.math.BigDecimal price,
                            @dev.backops.annotation.Default("{}") java.util.Map<java.lang.String, TYPE> map) {}
                    public record Number0(java.lang.Integer value) {}
                    public enum Finder { ONE }
                    @dev.backops.annotation.Step(output = "other")
                    TYPE charge(long id, java.lang.String text, TYPE one, java.util.List<TYPE> list) { return one; }
                    @dev.backops.annotation.Step
                    void send(java.util.Optional<TYPE> other, NAMEContext context, dev.backops.StepRun run) {}
                    @dev.backops.annotation.Step
                    void book(TYPE one, org.jdbi.v3.core.Handle handle) {}
                    @dev.backops.annotation.Step
                    void archive(java.sql.Connection connection) {}
                }
                """.replace("TYPE", type).replace("NAME", name);
    }

    @Test
    void operationCalledLikeOurTypes() {
        for (String name : OPERATIONS) {
            Compiled.of(operationCalled(name)).succeeds();
        }
    }

    /** Files of such names, in one package with each other. */
    @Test
    void operationsOnDisk(@TempDir Path directory) throws IOException {
        assumeThat(Charset.forName(System.getProperty("sun.jnu.encoding")).newEncoder())
                .as("names of files")
                .matches(encoder -> encoder.canEncode("ü注"));
        SourceDirectory sources = SourceDirectory.of(
                directory,
                Stream.concat(OPERATIONS.stream(), Stream.of("Überweisung", "注文", "Ñandú"))
                        .map(name -> operationCalled(name).replace("package demo", "package büro.straße"))
                        .toArray(String[]::new));
        assertThat(sources.eclipse("-warn:none")).isEmpty();
        String byEclipse = sources.generated("büro/straße/ÜberweisungOperation.java");
        assertThat(sources.javac("-Xlint:all,-processing,-classfile", "-Werror"))
                .isEmpty();
        assertThat(sources.generated("büro/straße/ÜberweisungOperation.java")).isEqualTo(byEclipse);
    }

    private static String operationCalled(String name) {
        return """
                package demo;

                @dev.backops.annotation.Operation("odd.HASH")
                public class NAME {
                    public record Params(long id, Größe größe) {}
                    public enum Größe { KLEIN, GROß }
                    @dev.backops.annotation.Step(output = "prüfung", jumpsTo = {"klein", "groß"})
                    Größe wähle(long id, Größe größe, NAMEContext context, dev.backops.StepRun run) { return größe; }
                    @dev.backops.annotation.Step(branch = "klein", then = "end")
                    void schicke(java.util.Optional<Größe> größe) {}
                    @dev.backops.annotation.Step(branch = "groß")
                    void book(java.sql.Connection connection) {}
                    static long run(dev.backops.BackOps backOps) {
                        backOps.register(NAMEOperation.steps(new NAME()));
                        return NAMEOperation.on(backOps).with().id(1).größe(Größe.KLEIN).enqueue().id();
                    }
                }
                """.replace("NAME", name).replace("HASH", Integer.toHexString(name.hashCode()));
    }

    @ParameterizedTest
    @CsvSource({"long,Long", "@Nullable String,Optional<String>", "Optional<String>,@Nullable String"})
    void valuesAndStepsCalledLikeOurNames(String type, String read) {
        StringBuilder steps = new StringBuilder();
        for (String name : NAMES) {
            steps.append(
                    "@Step(output = \"o_%1$s\") long %1$s(%2$s %1$s, FulfillmentContext all) { all.%1$s(); return 1; }\n"
                            .formatted(name, read));
        }
        String params = NAMES.stream().map(name -> type + " " + name).collect(Collectors.joining(", "));
        Compiled.of(fulfillment("record Params(" + params + ") {}\n" + steps)).succeeds();
    }

    @Test
    void outputsCalledLikeOurNames() {
        StringBuilder steps = new StringBuilder();
        for (String name : NAMES) {
            steps.append("@Step(output = \"%1$s\") long set_%1$s() { return 1; }\n@Step void get_%1$s(long %1$s) {}\n"
                    .formatted(name));
        }
        Compiled.of(fulfillment("record Params(long id) {}\n" + steps)).succeeds();
    }

    @Test
    void manyParams() {
        StringBuilder params = new StringBuilder("long id");
        for (int i = 0; i < 60; i++) {
            params.append(", ")
                    .append(i % 3 == 0 ? "@Nullable " : "")
                    .append("String aParamWithALongName")
                    .append(i);
        }
        Compiled.of(fulfillment("record Params(" + params + ") {}\n@Step void charge(" + params + ") {}"))
                .succeeds();
    }

    @Test
    void nullableAnnotations() {
        for (String target : List.of(
                "",
                "@Target(ElementType.TYPE_USE)",
                "@Target({ElementType.METHOD, ElementType.PARAMETER, ElementType.FIELD})",
                "@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE_USE})",
                "@Target({ElementType.FIELD, ElementType.PARAMETER})",
                "@Target(ElementType.RECORD_COMPONENT)")) {
            Compiled compiled = Compiled.of("""
                    package demo;

                    import dev.backops.annotation.*;
                    import java.lang.annotation.*;
                    import java.util.Optional;

                    @Operation("fulfillment")
                    class Fulfillment {
                        TARGET
                        @interface Nullable {}
                        enum Plan { RED }
                        record Params(@Nullable Long id, Fulfillment.@Nullable Plan plan) {}
                        @Step void charge(Optional<Long> id, Optional<Plan> plan) {}
                    }
                    """.replace("TARGET", target).replace(
                    "Fulfillment.@Nullable Plan",
                    target.contains("TYPE_USE") ? "Fulfillment.@Nullable Plan" : "@Nullable Plan"));
            compiled.succeeds();
            assertThat(compiled.source("demo.FulfillmentContext"))
                    .contains("null if it was enqueued without", "values.orNull(PLAN)");
        }
    }

    /** Params, results, components of results and parameters, each as it is, {@code @Nullable} and {@code Optional}. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Long",
                "String",
                "Plan",
                "CustomerId",
                "Id<String>",
                "Instant",
                "List<CustomerId>",
                "Map<String, Plan>"
            })
    void nullnessInEveryPosition(String type) {
        Compiled.of(fulfillment("""
                        enum Plan { RED, BLUE }
                        record CustomerId(long value) {}
                        record Id<T>(UUID value) {}
                        record Parts(TYPE part, @Nullable TYPE nullablePart, Optional<TYPE> optionalPart) {}
                        record Params(TYPE it, @Nullable TYPE nullableIt, Optional<TYPE> optionalIt) {}

                        @Step(output = "out") TYPE out(TYPE it) { return it; }
                        @Step(output = "nullableOut") @Nullable TYPE nullableOut(@Nullable TYPE nullableIt) { return nullableIt; }
                        @Step(output = "optionalOut") Optional<TYPE> optionalOut(Optional<TYPE> optionalIt) { return optionalIt; }
                        @Step Parts parts(Optional<TYPE> it, Optional<TYPE> nullableIt, @Nullable TYPE optionalIt) {
                            return new Parts(it.orElseThrow(), optionalIt, nullableIt);
                        }
                        @Step(output = "maybe") @Nullable Parts maybeParts(@Nullable TYPE it) { return null; }
                        @Step(output = "perhaps") Optional<Parts> perhapsParts() { return Optional.empty(); }
                        @Step void read(TYPE out, @Nullable TYPE nullableOut, Optional<TYPE> optionalOut, TYPE part,
                                Optional<TYPE> nullablePart, @Nullable TYPE optionalPart, @Nullable TYPE maybePart,
                                Optional<TYPE> maybeOptionalPart, Optional<TYPE> perhapsPart, FulfillmentContext context) {
                            TYPE plain = context.it();
                            TYPE nullable = context.nullableIt();
                            Optional<TYPE> optional = context.optionalIt();
                            optional = context.out().or(context::nullableOut).or(context::optionalOut).or(context::part);
                        }
                        @Step void readAgain(@Nullable TYPE out, Optional<TYPE> nullableOut, @Nullable TYPE optionalOut) {}
                        """.replace("TYPE", type)), """
                        package demo;

                        import demo.Fulfillment.*;
                        import dev.backops.*;
                        import java.time.*;
                        import java.util.*;

                        class User {
                            void use(FulfillmentOperation operation, TYPE it) {
                                operation.enqueue(it, null, Optional.empty());
                                operation.with().it(it).enqueue();
                                operation.with().it(it).nullableIt(it).optionalIt(it).enqueue();
                                operation.find().it(it).nullableIt(null).optionalIt(Optional.empty()).list();
                                FulfillmentContext.of(new Params(it, null, Optional.empty()));
                            }
                        }
                        """.replace("TYPE", type))
                .succeeds();
    }

    @Test
    void deprecatedParts() {
        Compiled.of(fulfillment("""
                        @Deprecated(forRemoval = true) enum Plan { RED }
                        @Deprecated static class Declined extends Exception { private static final long serialVersionUID = 1; }
                        @SuppressWarnings("removal") record Params(Plan plan) {}
                        @Step(retry = @Retry(abortOn = Declined.class)) @Deprecated @SuppressWarnings("removal")
                        void charge(Plan plan) {}
                        """)).succeeds();
    }

    @Test
    void paramsWithOtherConstructors() {
        Compiled.of(fulfillment("""
                        record Id(long value) {
                            Id(String text) { this(Long.parseLong(text)); }
                            Id { if (value < 0) { throw new IllegalArgumentException("negative"); } }
                            static Id of(String text) { return new Id(text); }
                            static long value(Id id) { return id.value; }
                            long value(int more) { return value + more; }
                        }
                        record Params(Id id, String name) {
                            Params(String id, String name) { this(new Id(id), name); }
                            Params(Id id) { this(id, ""); }
                            static Params of(Id id) { return new Params(id); }
                        }
                        @Step void charge(Id id) {}
                        """)).succeeds();
    }
}
