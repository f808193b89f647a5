package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Eclipse compiler accepts, refuses and generates the same as javac. */
class EclipseCompilerTest {

    @TempDir
    private Path directory;

    @Test
    void operation_isGeneratedAsByJavac() throws IOException {
        SourceDirectory sources = SourceDirectory.of(directory, fulfillment("""
                        record Params(long subscriptionId, @Nullable Instant renewsAt, Plan plan, List<CustomerId> customers) {}
                        enum Plan { RED, BLUE }
                        record CustomerId(long value) {}
                        @Step(output = "transactionId", retry = @Retry(maxAttempts = 3, abortOn = IllegalStateException.class))
                        String charge(long subscriptionId, StepRun run) { return run.idempotencyKey(); }
                        @Step(output = "chosen") @Nullable Plan choose(FulfillmentContext context) { return context.plan(); }
                        @Step void send(String transactionId, Optional<Plan> chosen, @Nullable Instant renewsAt) {}
                        """), """
                package demo;

                import dev.backops.*;

                class User {
                    Enqueued enqueue(BackOps backOps) {
                        backOps.register(FulfillmentOperation.steps(new Fulfillment()));
                        return FulfillmentOperation.on(backOps)
                                .key("1")
                                .with()
                                .subscriptionId(42)
                                .plan(Fulfillment.Plan.RED)
                                .customers(java.util.List.of())
                                .enqueue();
                    }
                }
                """);
        assertThat(sources.eclipse("-warn:none")).isEmpty();
        String byEclipse = sources.generated("demo/FulfillmentOperation.java")
                + sources.generated("demo/FulfillmentContext.java")
                + sources.generated("demo/FulfillmentStep.java");
        assertThat(sources.javac("-Xlint:none")).isEmpty();
        assertThat(sources.generated("demo/FulfillmentOperation.java")
                        + sources.generated("demo/FulfillmentContext.java")
                        + sources.generated("demo/FulfillmentStep.java"))
                .isEqualTo(byEclipse);
    }

    /** Each lets the compiler meet names of generated types, before or after they exist. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "private final ShopOperation shops = null;",
                "Shop(OtherOperation others) {}",
                "@Step void send(StepRun run) {}\nShop(OtherOperation others, ShopStep last) {}",
                "ShopContext context(ShopOperation shops) { return null; }",
                "@Step void send(ShopOperation shops) {}",
                "@Step void send(ShopOperation shops, OtherContext other) {}",
                "@Step private void send() {}\nprivate final OtherOperation others = null;",
            })
    void mentionedOperation_drawsNoErrorOfTheCompiler(String mention) throws IOException {
        SourceDirectory sources = SourceDirectory.of(directory, """
                package demo;

                import dev.backops.*;
                import dev.backops.annotation.*;

                @Operation("shop")
                class Shop {
                    record Params(long id) {}
                    @Step void charge(long id) {}
                    MENTION
                }
                """.replace("MENTION", mention), """
                package demo;

                @dev.backops.annotation.Operation("other")
                class Other {
                    record Params(long id) {}
                    private final ShopOperation shops;
                    Other(ShopOperation shops) { this.shops = shops; }
                    @dev.backops.annotation.Step void charge(long id) { shops.enqueue(id); }
                }
                """, """
                package demo;

                class User {
                    void use(ShopOperation shops, OtherOperation others) {
                        shops.with().id(ShopStep.CHARGE.ordinal()).enqueue();
                        others.find().id(OtherStep.CHARGE.ordinal()).first().orElseThrow().context().id();
                    }
                }
                """);
        List<String> byEclipse = sources.eclipse("-warn:none");
        assertThat(byEclipse).allMatch(message -> message.contains("[BackOps/"));
        assertThat(sources.javac("-Xlint:none")).containsExactlyInAnyOrderElementsOf(byEclipse);
    }

    @Test
    void mistakes_areReportedAsByJavac() throws IOException {
        SourceDirectory sources = SourceDirectory.of(
                directory,
                fulfillment("""
                        record Params(long id) {}
                        @Step(
                            output = "toString"
                        )
                        String charge(long id, FulfillmentContext context) { return ""; }
                        @Step(retry = @Retry(
                            backoff = "5s"
                        ))
                        void send(
                            String email) {}
                        @Step
                        private void archive(String id) {}
                        @Step(name = "end")
                        void finish() {}
                        @Step(output = "chosen")
                        Thread choose() { return null; }
                        """),
                "package demo; class User { FulfillmentOperation operation; FulfillmentContext context; }",
                "package demo; interface Stray {\n@dev.backops.annotation.Step void charge(); }");
        List<String> byJavac = sources.javac();
        assertThat(byJavac).hasSize(8).allMatch(message -> message.contains("[BackOps/"));
        assertThat(sources.eclipse("-warn:none")).containsExactlyInAnyOrderElementsOf(byJavac);
    }

    @Test
    void branchesAndJumps_areGeneratedAsByJavac() throws IOException {
        SourceDirectory sources = SourceDirectory.of(directory, fulfillment("""
                        record Params(long subscriptionId, Instant renewsAt) {}
                        enum Setup { RED, BLUE }
                        record Choice(String plan, Optional<Long> cents, @Jump Setup setup) {}
                        record Offer(String offer, @Jump @Nullable Again again) {}
                        enum Again { OFFER, END }
                        @Step(output = "transactionId", onFailure = "undo") String charge() { return ""; }
                        @Step(jumpsTo = {"red", "blue"}) Choice chooseSetup(FulfillmentContext context) {
                            return new Choice(FulfillmentBranch.RED.branchName(), Optional.empty(), Setup.RED);
                        }
                        @Step(branch = "red", output = "color") String setupRed(String plan) { return plan; }
                        @Step(branch = "blue", output = "color") @Nullable String setupBlue() { return null; }
                        @Step(jumpsTo = {"offer", "end"}, delay = "PT24H") Optional<Offer> offer(Optional<String> color) {
                            return Optional.empty();
                        }
                        @Step(at = "renewsAt") void remind(String transactionId, @Nullable String offer) {}
                        @Step(branch = "undo") void apologise(long subscriptionId, FulfillmentContext context) {}
                        """));
        assertThat(sources.eclipse("-warn:none")).isEmpty();
        String byEclipse = sources.generated("demo/FulfillmentOperation.java")
                + sources.generated("demo/FulfillmentContext.java")
                + sources.generated("demo/FulfillmentBranch.java");
        assertThat(sources.javac("-Xlint:all,-processing")).isEmpty();
        assertThat(sources.generated("demo/FulfillmentOperation.java")
                        + sources.generated("demo/FulfillmentContext.java")
                        + sources.generated("demo/FulfillmentBranch.java"))
                .isEqualTo(byEclipse);
    }

    @Test
    void settings_areGeneratedAsByJavac() throws IOException {
        SourceDirectory sources = SourceDirectory.of(directory, fulfillment("""
                        record Params(
                            @Indexed @Formerly("userId") long customerId,
                            @Default("BLUE") Plan plan,
                            @Default("9.95") BigDecimal price,
                            @Sensitive(eraseAtEnd = true) String iban,
                            List<CardNumber> cards) {}
                        enum Plan { RED, BLUE }
                        record CardNumber(@Sensitive String digits) {}
                        record Login(@Formerly({"name", "login"}) String user, @Sensitive String token) {}
                        @Step(output = "login", outputFormerly = "session", timeout = "PT30S") Login logIn() { return null; }
                        @Step(formerly = {"pay", "collect"}, output = "receipt", onFailure = "undo") @Sensitive
                        String charge(Plan plan, String loginToken, org.jdbi.v3.core.Handle handle) { return ""; }
                        @Step void book(java.sql.Connection connection, StepRun run) {}
                        @Step(branch = "undo", branchFormerly = "refund") void apologise(FulfillmentContext context) {}
                        """).replace("(\"fulfillment\")", """
                        (
                            value = "fulfillment", formerly = {"orders", "order"}, key = {"customerId", "plan"},
                            keyScope = KeyScope.UNFINISHED, queue = "billing", priority = Priority.HIGH, timeout = "PT1M")
                        """));
        assertThat(sources.eclipse("-warn:none")).isEmpty();
        String byEclipse =
                sources.generated("demo/FulfillmentOperation.java") + sources.generated("demo/FulfillmentContext.java");
        assertThat(sources.javac("-Xlint:all,-processing")).isEmpty();
        assertThat(sources.generated("demo/FulfillmentOperation.java")
                        + sources.generated("demo/FulfillmentContext.java"))
                .isEqualTo(byEclipse);
    }

    @Test
    void mistakesInTheSettings_areReportedAsByJavac() throws IOException {
        SourceDirectory sources = SourceDirectory.of(
                directory,
                fulfillment("""
                        record Params(@Nullable Long customerId, long orderId) {}
                        @Step(
                            timeout = "0s")
                        void logIn() {}
                        @Step(formerly = "end")
                        void charge() {}
                        @Step @Sensitive
                        String send(Thread service) { return ""; }
                        @Step
                        void book(java.sql.Connection connection, org.jdbi.v3.core.Handle handle) {}
                        @Step(output = "receipt", outputFormerly = "orderId")
                        String archive() { return ""; }
                        """)
                        .replace("(\"fulfillment\")", """
                        (value = "fulfillment", formerly = {"a b"}, key = {"customerId"}, queue = "a b")
                        """)
                        .replace("class Fulfillment", "class Fulfillment extends Base"),
                "package demo; class Base { @dev.backops.annotation.Step void check() {} }");
        List<String> byJavac = sources.javac();
        assertThat(byJavac).hasSize(10).allMatch(message -> message.contains("[BackOps/"));
        assertThat(sources.eclipse("-warn:none")).containsExactlyInAnyOrderElementsOf(byJavac);
    }

    /** All on one line, as the Eclipse compiler marks the whole array where javac marks an item. */
    @Test
    void mistakesInTheFlow_areReportedAsByJavac() throws IOException {
        SourceDirectory sources = SourceDirectory.of(directory, fulfillment("""
                        record Params(String renewsAt) {}
                        enum Setup { RED, BLUE, GREEN }
                        @Step(output = "id",
                            onFailure = "send")
                        String charge() { return ""; }
                        @Step(jumpsTo = {"red", "blue", "black"}) Setup choose() { return Setup.RED; }
                        @Step(branch = "red", output = "plan") String red1() { return ""; }
                        @Step(branch = "red",
                            output = "id")
                        long red2() { return 1; }
                        @Step(branch = "blue",
                            delay = "1h")
                        void blue1() {}
                        @Step(branch = "blue",
                            then = "main") void blue2() {}
                        @Step
                        void send(String plan) {}
                        @Step(
                            at = "renewsAt") void remind() {}
                        """));
        List<String> byJavac = sources.javac();
        assertThat(byJavac).hasSize(7).allMatch(message -> message.contains("[BackOps/"));
        assertThat(sources.eclipse("-warn:none")).containsExactlyInAnyOrderElementsOf(byJavac);
    }

    /** Nor would it help to tell the Filer the module: that of the Eclipse compiler throws if told. */
    @Test
    void namedModule_isNotSupportedAsDocumented() throws IOException {
        String message = "BillContext cannot be resolved to a type";
        SourceDirectory sources = SourceDirectory.of(directory, """
                module shop {
                    requires dev.backops.annotations;
                    requires dev.backops.runtime;
                }
                """, """
                package demo;

                @dev.backops.annotation.Operation("bill")
                class Bill {
                    @dev.backops.annotation.Step
                    void charge(BillContext context) {}
                }
                """).onModulePath();
        assertThat(Files.readString(Path.of("../docs/getting-started.md")))
                .contains("* **`" + message + "`** in a named module: the Eclipse compiler");
        assertThat(sources.eclipse("-warn:none")).contains("6: " + message);
        assertThat(sources.generated("demo/BillContext.java")).contains("class BillContext");
        assertThat(sources.javac("-Xlint:none")).isEmpty();
    }

    @Test
    void component_isReportedAtTheClass() throws IOException {
        SourceDirectory sources = SourceDirectory.of(directory, fulfillment("""
                        record Params(
                            Object id) {}
                        @Step void charge(Object id) {}
                        """));
        String message = """
                [BackOps/NotSimple] Param "id" is an Object, which is not a simple type.
                    Name the type that it really is: a stored value is read back by its declared type.""";
        assertThat(sources.javac()).containsExactly("16: " + message);
        assertThat(sources.eclipse("-warn:none")).containsExactly("14: " + message);
    }

    @Test
    void oneMistake_drawsNoOtherErrors() throws IOException {
        SourceDirectory sources = SourceDirectory.of(directory, fulfillment("""
                        record Params(long id) {}
                        @Step void charge(long idd, FulfillmentContext context) { context.id(); }
                        """), """
                package demo;

                class User {
                    FulfillmentOperation operation;
                    void enqueue() {
                        operation.enqueue(1);
                        operation.with().id(1).enqueue();
                        operation.find().id(1).list();
                    }
                }
                """);
        assertThat(sources.eclipse("-warn:none")).containsExactly("""
                        16: [BackOps/UnknownParameter] charge takes "idd", which is neither a param nor an output.
                            Did you mean "id"? Known here: id""");
    }

    @Test
    void mutableField_isAWarning() throws IOException {
        SourceDirectory sources = SourceDirectory.of(directory, fulfillment("""
                        String last;
                        @SuppressWarnings("BackOps/MutableState") String known;
                        @Step void charge() {}
                        """));
        assertThat(sources.eclipse())
                .filteredOn(message -> message.contains("[BackOps/"))
                .singleElement()
                .asString()
                .startsWith("15: [BackOps/MutableState] last can change");
    }

    @Test
    void classesOfAnEarlierBuild_areReported() throws IOException {
        SourceDirectory sources = SourceDirectory.of(directory, fulfillment("@Step void charge() {}"));
        assertThat(sources.eclipse("-warn:none")).isEmpty();
        assertThat(sources.eclipse("-warn:none")).containsExactly("""
                        14: [BackOps/StaleOutput] Fulfillment generates FulfillmentStep, which the compiler has already: \
                        Source file already exists : demo.FulfillmentStep
                            Clean and rebuild. If it comes back, another processor generates the same name.""");
        assertThat(sources.javac("-Xlint:none")).isEmpty();
    }
}
