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

    private static void golden(Compiled compiled, TestInfo test, String... types) {
        String method = test.getTestMethod().orElseThrow().getName();
        for (String type : types) {
            compiled.matchesGolden(OperationWriterTest.class, method, type);
        }
    }
}
