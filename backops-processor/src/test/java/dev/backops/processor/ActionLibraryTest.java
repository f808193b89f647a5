package dev.backops.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Operations know action types of other packages, modules and jars as if their source were at hand: names of parameters,
 * what is nullable, and methods that only their package sees.
 */
class ActionLibraryTest {

    private static final String[] ACTIONS = {"""
        package actions;

        import dev.backops.StepRun;
        import dev.backops.annotation.*;
        import java.util.Optional;
        import org.jspecify.annotations.Nullable;

        public final class ChargeCreditCard {
            public enum Next { REVIEW, END }
            public record Charge(String transactionId, @Nullable Long feeId, @Jump @Nullable Next next) {}

            /** Creates the action type. */
            public ChargeCreditCard() {}

            @Step(jumpsTo = {"review", "end"}, retry = @Retry(maxAttempts = 3, abortOn = IllegalStateException.class))
            Charge charge(long subscriptionId, @Nullable String coupon, Optional<String> note, StepRun run)
                    throws java.io.IOException {
                return new Charge(note.orElse(run.idempotencyKey()), null, Next.REVIEW);
            }
        }
        """, """
        package actions;

        import dev.backops.annotation.*;
        import org.jspecify.annotations.Nullable;

        public final class Mail {
            private Mail() {}

            /** Sends it. */
            public record Send(String server) {
                @Step(output = "mailId", delay = "PT1H") protected @Nullable String send(@Nullable String transactionId, @Nullable Long feeId) {
                    return transactionId;
                }
            }
        }
        """};

    private static final String FULFILLMENT = """
            package shop;

            import actions.*;
            import dev.backops.annotation.*;
            import java.util.Optional;
            import org.jspecify.annotations.Nullable;

            @Operation(
                    value = "subscriptions.fulfillment",
                    uses = {
                        @Use(ChargeCreditCard.class),
                        @Use(Mail.Send.class),
                        @Use(value = Mail.Send.class, name = "sendAgain", output = "secondId")
                    },
                    branches = @Branch(name = "review", actions = CheckCharge.class))
            public interface Fulfillment {
                /** What an enqueue passes in. */
                record Params(long subscriptionId, @Nullable String coupon, Optional<String> note) {}
            }
            """;

    private static final String REVIEW = """
            package shop;

            import dev.backops.annotation.*;
            import java.util.Optional;

            public final class CheckCharge {
                /** Creates the action type. */
                public CheckCharge() {}

                Object steps() {
                    return FulfillmentOperation.steps(
                            new actions.ChargeCreditCard(), new actions.Mail.Send("localhost"), this);
                }

                @Step
                void call(Optional<String> transactionId, FulfillmentContext context) {}
            }
            """;

    @TempDir
    private Path directory;

    @Test
    void actionTypeInAJar_isKnownAsInSource() throws IOException {
        SourceDirectory together = SourceDirectory.of(directory, ACTIONS[0], ACTIONS[1], FULFILLMENT, REVIEW);
        assertThat(together.javac("-Xlint:all,-processing", "-Werror")).isEmpty();

        for (boolean libraryByEclipse : List.of(false, true)) {
            SourceDirectory library = SourceDirectory.of(directory, ACTIONS);
            assertThat(
                            libraryByEclipse
                                    ? library.eclipse("-warn:none")
                                    : library.javac("-Xlint:all,-processing", "-Werror"))
                    .isEmpty();
            for (boolean byEclipse : List.of(false, true)) {
                SourceDirectory user =
                        SourceDirectory.of(directory, FULFILLMENT, REVIEW).with(library.jar());
                assertThat(byEclipse ? user.eclipse("-warn:none") : user.javac("-Xlint:all,-processing", "-Werror"))
                        .isEmpty();
                for (String type : List.of("Operation", "Context", "Step", "Branch")) {
                    String path = "shop/Fulfillment" + type + ".java";
                    assertThat(user.generated(path)).isEqualTo(together.generated(path));
                }
            }
        }
    }

    @Test
    void actionTypeInAnotherModule_isKnown() throws IOException {
        SourceDirectory library = SourceDirectory.of(
                directory,
                "module actions { exports actions; requires static java.compiler; }",
                ACTIONS[0],
                ACTIONS[1]);
        assertThat(messages(library.javac("-Xlint:all,-processing", "--add-reads", "actions=ALL-UNNAMED")))
                .isEmpty();
        SourceDirectory user = SourceDirectory.of(
                directory,
                "module shop { exports shop; requires transitive actions; requires static java.compiler; }",
                FULFILLMENT,
                REVIEW);
        assertThat(messages(user.javac(
                        "-Xlint:all,-processing",
                        "--module-path",
                        library.jar().toString(),
                        "--add-reads",
                        "shop=ALL-UNNAMED",
                        "--add-reads",
                        "actions=ALL-UNNAMED")))
                .isEmpty();
        assertThat(user.generated("shop/FulfillmentOperation.java"))
                .contains("ChargeCreditCardAction.call(chargeCreditCard,")
                .contains("values.get(FulfillmentContext.SUBSCRIPTION_ID)");
    }

    @Test
    void actionTypeCompiledWithoutTheProcessor_isReported() throws IOException {
        SourceDirectory library = SourceDirectory.of(directory, ACTIONS);
        assertThat(library.javac(List.of(), "-Xlint:none")).isEmpty();
        SourceDirectory user = SourceDirectory.of(directory, """
                package shop;

                @dev.backops.annotation.Operation(value = "fulfillment", actions = {actions.ChargeCreditCard.class})
                interface Fulfillment {}
                """).with(library.jar());
        List<String> byJavac = user.javac("-Xlint:none");
        assertThat(byJavac).containsExactly("""
                3: [BackOps/UnprocessedAction] ChargeCreditCard was compiled without the BackOps processor, so that the names of \
                its parameters are unknown.
                    Compile it with the processor, which generates ChargeCreditCardAction beside it.""");
        assertThat(user.eclipse("-warn:none")).isEqualTo(byJavac);
    }

    @Test
    void actionTypeOfAnotherPackage_isHiddenWithoutPublic() throws IOException {
        SourceDirectory sources = SourceDirectory.of(
                directory, "package actions;\nclass Hidden { @dev.backops.annotation.Step void call() {} }", """
                package shop;

                @dev.backops.annotation.Operation(value = "fulfillment", actions = actions.Hidden.class)
                interface Fulfillment {}
                """);
        assertThat(sources.javac("-Xlint:none"))
                .singleElement()
                .asString()
                .startsWith("3: ")
                .contains("actions.Hidden is not public");
    }

    /** On one line, as the Eclipse compiler marks the whole annotation where javac marks an item. */
    @Test
    void mistakes_areReportedByTheEclipseCompilerAsByJavac() throws IOException {
        SourceDirectory library = SourceDirectory.of(directory, ACTIONS);
        assertThat(library.javac("-Xlint:none")).isEmpty();
        SourceDirectory user = SourceDirectory.of(directory, """
                        package shop;

                        @dev.backops.annotation.Operation(value = "first", actions = {actions.ChargeCreditCard.class, Stepless.class, Twice.class})
                        interface First {}
                        """, """
                        package shop;

                        @dev.backops.annotation.Operation(value = "second", actions = {actions.ChargeCreditCard.class, actions.Mail.Send.class, Hidden.class})
                        interface Second { record Params(int subscriptionId) {} }
                        """, "package shop; class Stepless {}", """
                        package shop;

                        class Twice {
                            @dev.backops.annotation.Step void a() {}
                            @dev.backops.annotation.Step void b() {}
                        }
                        """, """
                        package shop;

                        class Hidden {
                            @dev.backops.annotation.Step(delay = "1")
                            private void call(String mailId) {}
                        }
                        """)
                .with(library.jar());
        List<String> byJavac = user.javac("-Xlint:none");
        assertThat(byJavac).hasSize(9).allMatch(message -> message.contains("[BackOps/"));
        assertThat(user.eclipse("-warn:none")).containsExactlyInAnyOrderElementsOf(byJavac);
    }

    /** JSpecify is on the class path, which a module cannot require; the compiler warns of what it exports. */
    private static List<String> messages(List<String> messages) {
        return messages.stream()
                .filter(message -> !message.endsWith(" in module  is not exported"))
                .toList();
    }
}
