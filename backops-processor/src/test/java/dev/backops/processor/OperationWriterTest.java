package dev.backops.processor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class OperationWriterTest {

    @Test
    void paramsAndOutputs(TestInfo test) {
        Compiled compiled = Compiled.of("""
                package demo;

                import dev.backops.StepRun;
                import dev.backops.annotation.Operation;
                import dev.backops.annotation.Retry;
                import dev.backops.annotation.Step;
                import java.time.Instant;
                import java.util.Optional;
                import org.jspecify.annotations.Nullable;

                @Operation("subscriptions.fulfillment")
                public class Fulfillment {
                    public record Params(long subscriptionId, @Nullable Instant renewsAt) {}

                    @Step(output = "transactionId", retry = @Retry(maxAttempts = 5, backoff = "PT2S"))
                    String chargeCreditCard(long subscriptionId, StepRun run) {
                        return "visa-" + run.idempotencyKey();
                    }

                    @Step(name = "setUp", output = "plan")
                    @Nullable String setUpAccount(Long subscriptionId, FulfillmentContext context) {
                        return context.transactionId().orElse(null);
                    }

                    @Step
                    void sendEmailReceipt(long subscriptionId, String transactionId, Optional<String> plan) {}
                }
                """);
        compiled.succeeds();
        golden(compiled, test, "demo.FulfillmentOperation", "demo.FulfillmentContext", "demo.FulfillmentStep");
    }

    @Test
    void noParams(TestInfo test) {
        Compiled compiled = Compiled.of("""
                package demo;

                import dev.backops.annotation.Operation;
                import dev.backops.annotation.Step;

                @Operation("nightly.cleanUp")
                class CleanUp {
                    @Step
                    void deleteOldFiles() {}
                }
                """);
        compiled.succeeds();
        golden(compiled, test, "demo.CleanUpOperation", "demo.CleanUpContext", "demo.CleanUpStep");
    }

    @Test
    void everySimpleType(TestInfo test) {
        Compiled compiled = Compiled.of("""
                package demo;

                import dev.backops.annotation.Operation;
                import dev.backops.annotation.Retry;
                import dev.backops.annotation.Step;
                import java.math.*;
                import java.net.URI;
                import java.time.*;
                import java.util.*;

                class Shop {
                    enum Plan { RED, BLUE }
                    record CustomerId(long value) {}
                    record Money(BigDecimal amount) {
                        Money(String amount) { this(new BigDecimal(amount)); }
                    }
                    record Id<T>(UUID value) {}

                    @Operation(value = "every-type", retry = @Retry(multiplier = 3, jitter = 0, maxBackoff = "PT2H"))
                    static class Everything {
                        record Params(
                                boolean a, Byte b, short c, Integer d, long e, float f, Double g, char h, String i,
                                BigDecimal j, BigInteger k, UUID l, URI m, Currency n, Locale o, Instant p,
                                OffsetDateTime q, ZonedDateTime r, LocalDate s, LocalTime t, LocalDateTime u,
                                Duration v, Period w, ZoneId x, Year y, YearMonth z, Plan plan, CustomerId customer,
                                Money money, Id<Shop> shop, List<String> list, Set<Plan> set,
                                Map<String, CustomerId> map, Optional<List<Money>> optional) {}

                        @Step(retry = @Retry(abortOn = {IllegalStateException.class, java.io.IOException.class}))
                        Object readAll(
                                Boolean a, byte b, Short c, int d, Long e, Float f, double g, Character h,
                                Id<Shop> shop, Optional<List<Money>> optional) throws Exception {
                            return "not kept";
                        }

                        @Step(output = "plans")
                        List<Plan> choose(Set<Plan> set, Map<String, CustomerId> map) {
                            return List.copyOf(set);
                        }

                        @Step(output = "count")
                        Optional<Integer> count(List<Plan> plans) {
                            return Optional.of(plans.size());
                        }
                    }
                }
                """);
        compiled.succeeds();
        golden(compiled, test, "demo.Shop_EverythingOperation", "demo.Shop_EverythingContext");
    }

    /** The example of the README and the design. */
    @Test
    void branchesAndTimes(TestInfo test) {
        Compiled compiled = Compiled.of("""
                package demo;

                import dev.backops.StepRun;
                import dev.backops.annotation.Operation;
                import dev.backops.annotation.Retry;
                import dev.backops.annotation.Step;
                import java.time.Instant;

                @Operation("subscriptions.fulfillment")
                public class Fulfillment {
                    public record Params(long subscriptionId, Instant renewsAt) {}

                    enum Setup { RED, BLUE }

                    @Step(output = "transactionId", retry = @Retry(maxAttempts = 5, backoff = "PT2S"), onFailure = "undo")
                    String chargeCreditCard(long subscriptionId, StepRun run) {
                        return "visa-" + run.idempotencyKey();
                    }

                    @Step(jumpsTo = {"red", "blue"})
                    Setup chooseSetup(long subscriptionId) {
                        return subscriptionId % 2 == 0 ? Setup.RED : Setup.BLUE;
                    }

                    @Step(branch = "red", output = "plan")
                    String setupRed(long subscriptionId) {
                        return "red";
                    }

                    @Step(branch = "blue", output = "plan")
                    String setupBlue(long subscriptionId) {
                        return "blue";
                    }

                    @Step
                    void sendEmailReceipt(long subscriptionId, String transactionId, String plan) {}

                    @Step(at = "renewsAt")
                    void remindOfRenewal(FulfillmentContext context) {}

                    @Step(branch = "undo")
                    void apologise(long subscriptionId) {}
                }
                """);
        compiled.succeeds();
        golden(
                compiled,
                test,
                "demo.FulfillmentOperation",
                "demo.FulfillmentContext",
                "demo.FulfillmentStep",
                "demo.FulfillmentBranch");
    }

    @Test
    void recordsAndJumps(TestInfo test) {
        Compiled compiled = Compiled.of("""
                package demo;

                import dev.backops.annotation.*;
                import java.util.*;
                import org.jspecify.annotations.Nullable;

                @Operation("billing.collect")
                class Collect {
                    enum Next { REVIEW, SEND_INVOICE, END }
                    enum Again { COLLECT }

                    record Charge(String transactionId, int cents, Optional<String> note, @Jump @Nullable Next next) {}
                    record Fee(long id, int cents, @Jump Next next) {}
                    record Discount(String code, @Jump Optional<Again> again) {}

                    @Step(output = "attempt")
                    long collect() { return 1; }

                    @Step(jumpsTo = {"review", "sendInvoice", "end"}, delay = "PT24H")
                    Charge charge(long attempt) { return new Charge("1", 2, Optional.empty(), null); }

                    @Step(output = "fee", jumpsTo = {"end", "review", "sendInvoice"})
                    Fee fee(String transactionId, Optional<String> note) { return new Fee(1, 2, Next.END); }

                    @Step(then = "end")
                    void sendInvoice() {}

                    @Step(branch = "review", output = "again", jumpsTo = "collect")
                    Optional<Again> check() { return Optional.empty(); }

                    @Step(branch = "review", output = "discount", jumpsTo = "collect")
                    @Nullable Discount discount(@Nullable Again again) { return null; }

                    @Step(branch = "review", then = "sendInvoice")
                    void approve(@Nullable String discountCode, @Nullable Long feeId) {}
                }
                """);
        compiled.succeeds();
        golden(compiled, test, "demo.CollectOperation", "demo.CollectContext");
    }

    @Test
    void settings(TestInfo test) {
        Compiled compiled = Compiled.of("""
                package demo;

                import dev.backops.StepRun;
                import dev.backops.annotation.*;
                import java.sql.Connection;
                import java.time.YearMonth;
                import java.util.List;
                import org.jdbi.v3.core.Handle;

                @Operation(
                        value = "billing.renewal",
                        formerly = {"billing.renew", "renewal"},
                        key = {"customerId", "month"},
                        keyScope = KeyScope.UNFINISHED,
                        queue = "billing",
                        priority = Priority.HIGH,
                        timeout = "PT1M")
                class Renewal {
                    record Params(
                            @Indexed @Formerly("userId") CustomerId customerId,
                            YearMonth month,
                            @Default("none") String note,
                            @Sensitive(eraseAtEnd = true) String iban,
                            List<CardNumber> cards) {}

                    record CustomerId(long value) {}

                    record CardNumber(@Sensitive String digits) {}

                    record Login(@Formerly("name") String user, @Sensitive(eraseAtEnd = true) String token) {}

                    @Step
                    void prepare() {}

                    @Step(timeout = "PT30S", retry = @Retry(maxAttempts = 3))
                    void send() {}

                    @Step(output = "login", outputFormerly = "session")
                    Login logIn() { return new Login("", ""); }

                    @Step(
                            formerly = {"pay", "collect"},
                            output = "receipt",
                            outputFormerly = "transactionId",
                            onFailure = "undo")
                    @Sensitive
                    String charge(String iban, String loginToken) { return ""; }

                    @Step(branch = "undo", branchFormerly = "refund")
                    void apologise() {}

                    @Step(branch = "undo", branchFormerly = {"refund", "cancel"})
                    void report() {}

                    @Step(output = "bookings")
                    int book(CustomerId customerId, Handle handle) { return 1; }

                    @Step
                    void archive(int bookings, Connection connection, RenewalContext context, StepRun run) {}
                }
                """);
        compiled.succeeds();
        golden(compiled, test, "demo.RenewalOperation", "demo.RenewalContext");
    }

    @Test
    void actionTypes(TestInfo test) {
        Compiled compiled = Compiled.of("""
                package demo;

                import dev.backops.annotation.Branch;
                import dev.backops.annotation.Operation;
                import dev.backops.annotation.Use;
                import java.time.Instant;
                import org.jspecify.annotations.Nullable;

                @Operation(
                        value = "subscriptions.fulfillment",
                        uses = {
                            @Use(ChargeCreditCard.class),
                            @Use(SendMail.class),
                            @Use(value = SendMail.class, name = "sendReminder", at = "renewsAt", then = "end")
                        },
                        branches = @Branch(name = "undo", actions = {Apologise.class}))
                public interface Fulfillment {
                    record Params(long subscriptionId, @Nullable Instant renewsAt) {}
                }
                """, """
                package demo;

                import dev.backops.StepRun;
                import dev.backops.annotation.Step;
                import org.jspecify.annotations.Nullable;

                public class ChargeCreditCard {
                    public record Charge(String transactionId, @Nullable String note) {}

                    @Step(onFailure = "undo")
                    @Nullable Charge call(long subscriptionId, StepRun run) {
                        return new Charge("visa-" + run.idempotencyKey(), null);
                    }
                }
                """, """
                package demo;

                import dev.backops.annotation.Step;
                import java.io.IOException;
                import java.util.Optional;
                import org.jspecify.annotations.Nullable;

                record SendMail(String server) {
                    @Step(delay = "PT1H")
                    void send(long subscriptionId, @Nullable String transactionId, Optional<String> note) throws IOException {}
                }
                """, """
                package demo;

                import dev.backops.annotation.Step;

                class Apologise {
                    @Step(name = "saySorry")
                    void call(FulfillmentContext context) {}
                }
                """);
        compiled.succeeds();
        golden(
                compiled,
                test,
                "demo.FulfillmentOperation",
                "demo.FulfillmentContext",
                "demo.FulfillmentStep",
                "demo.ChargeCreditCardAction",
                "demo.SendMailAction",
                "demo.ApologiseAction");
    }

    private static void golden(Compiled compiled, TestInfo test, String... types) {
        String method = test.getTestMethod().orElseThrow().getName();
        for (String type : types) {
            compiled.matchesGolden(OperationWriterTest.class, method, type);
        }
    }
}
