package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;

import org.junit.jupiter.api.Test;

/** Records whose components are the outputs of a step. */
class RecordOutputTest {

    @Test
    void components_areOutputs() {
        Compiled.of(fulfillment("""
                        record CustomerId(long value) {}
                        record Pair<A, B>(A a, List<B> b) {}
                        record Charge(String transactionId, @Nullable Integer cents, CustomerId customerId) {}
                        record Note(String note) {}
                        record Tip(long cents, boolean paid) {}
                        @Step Charge charge() { return new Charge("", 1, new CustomerId(1)); }
                        @Step(output = "fee") Optional<Charge> fee() { return Optional.empty(); }
                        @Step(output = "payer") CustomerId payer() { return new CustomerId(1); }
                        @Step(output = "tip") @Nullable Tip tip() { return null; }
                        @Step Note note() { return new Note(""); }
                        @Step(output = "pair") Pair<String, Long> pair() { return new Pair<>("", List.of()); }
                        @Step void send(String transactionId, @Nullable Integer cents, CustomerId customerId,
                                @Nullable String feeTransactionId, Optional<Integer> feeCents, CustomerId payer,
                                @Nullable Long tipCents, String note, String pairA, List<Long> pairB, FulfillmentContext context) {
                            context.feeCustomerId().map(CustomerId::value);
                        }
                        """)).succeeds();
    }

    @Test
    void componentThatIsNotSimple_isReportedAtTheStep() {
        Compiled.wrong(fulfillment("""
                        record Charge(String id, Thread thread) {}
                        @Step(
                            output = "charge"
                        )
                        Charge charge() { return null; }
                        """))
                .failsAt(
                        "output = \"charge\"",
                        "[BackOps/NotSimple] Output \"chargeThread\" is a Thread, which is not a simple type.",
                        "Return a String or a number that tells the same, and build it in the later step.");
    }

    @Test
    void componentOfARecordThatMayBeMissing_mayBeMissing() {
        Compiled.wrong(fulfillment("""
                        record Charge(String id, long cents) {}
                        @Step @Nullable Charge charge() { return null; }
                        @Step void send(long cents) {}
                        """))
                .failsAt(
                        "@Step void send(long cents) {}",
                        "[BackOps/TypeMismatch] send takes \"cents\" as long, but what charge returns is @Nullable Long"
                                + " and may be missing.",
                        "Take it as @Nullable Long or Optional<Long>.");
    }

    @Test
    void privateRecord_isReported() {
        Compiled.wrong(fulfillment("""
                        private record Charge(String id, long cents) {}
                        @Step Charge charge() { return null; }
                        """))
                .failsAt(
                        "@Step Charge charge() { return null; }",
                        "[BackOps/PrivateType] charge returns Charge, but generated code cannot name it.",
                        "Make it and the classes around it at least package-private.");
    }

    @Test
    void prefixThatIsNoIdentifier_isReportedOnce() {
        Compiled.wrong(fulfillment("""
                        record Charge(String id, long cents) {}
                        @Step(output = "a b") Charge charge() { return null; }
                        """))
                .failsAt(
                        "@Step(output = \"a b\") Charge charge() { return null; }",
                        "[BackOps/ReservedName] Output \"a b\" is not a Java identifier.",
                        "Later steps take it as a parameter of that name; pick one like \"transactionId\".");
    }

    @Test
    void componentNamedLikeAnOutput_isReported() {
        Compiled.wrong(fulfillment("""
                        record Charge(String id, long cents) {}
                        @Step(output = "cents") long price() { return 1; }
                        @Step Charge charge() { return null; }
                        """))
                .failsAt(
                        "@Step Charge charge() { return null; }",
                        "[BackOps/DuplicateOutput] charge sets \"cents\", which price has set already.",
                        "Give each output a name of its own.");
    }

    @Test
    void deprecatedAndOddNames_areNoWarning() {
        Compiled.of(fulfillment("""
                        record Params(String result, String jump, String values) {}
                        enum Next { @Deprecated RESULT, END }
                        record Run(String a, @Jump Next next) {}
                        @Step(jumpsTo = {"result", "end"}) Run run(String result, String jump, String values) {
                            return new Run("", Next.END);
                        }
                        @Step void result(String a) {}
                        """)).succeeds();
    }
}
