package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotSimpleTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Subscription            | demo.Fulfillment.Subscription            | Pass what it takes to load it inside the step, for example: long itId
            Address                 | demo.Fulfillment.Address                 | Pass its components one by one; only a record of exactly one component is stored as that.
            Page                    | demo.Fulfillment.Page                    | The only component of a stored record must itself be a simple type, non-null and not a collection.
            MaybeId                 | demo.Fulfillment.MaybeId                 | The only component of a stored record must itself be a simple type, non-null and not a collection.
            OrderNumber             | demo.Fulfillment.OrderNumber             | Make it a record of exactly one component, which is stored as that, or pass what it holds.
            Tariff                  | demo.Fulfillment.Tariff                  | Pass what it takes to load it inside the step, for example: long itId
            Shape                   | demo.Fulfillment.Shape                   | Pass what it takes to load it inside the step, for example: long itId
            List<Subscription>      | java.util.List<demo.Fulfillment.Subscription> | List, Set and Map hold simple types only. Pass what it takes to load them, for example: List<Long>
            List<List<String>>      | java.util.List<java.util.List<String>>   | List, Set and Map hold simple types only, one level deep. Flatten it, or load it inside the step.
            Optional<Optional<Long>> | java.util.Optional<java.util.Optional<Long>> | List, Set and Map hold simple types only, one level deep. Flatten it, or load it inside the step.
            List<Optional<Long>>    | java.util.List<java.util.Optional<Long>> | List, Set and Map hold simple types only, one level deep. Flatten it, or load it inside the step.
            List<@Nullable String>  | java.util.List<String>                   | The elements of a List, Set or Map are never null. Leave out those that are missing.
            List<?>                 | java.util.List<?>                        | Name the type of the elements without a wildcard, for example: List<String>
            List<? extends Number>  | java.util.List<? extends Number>         | Name the type of the elements without a wildcard, for example: List<String>
            List                    | java.util.List                           | Say what it holds, for example: List<String>
            Optional                | java.util.Optional                       | Say what it holds, for example: List<String>
            ArrayList<String>       | java.util.ArrayList<String>              | Declare it as List, Set or Map<String, ...>.
            Collection<String>      | java.util.Collection<String>             | Declare it as List, Set or Map<String, ...>.
            HashMap<String,Long>    | java.util.HashMap<String, Long>          | Declare it as List, Set or Map<String, ...>.
            Map<Long,String>        | java.util.Map<Long, String>              | The keys of a Map must be String.
            String[]                | String[]                                 | Declare it as a List, for example: List<String>
            String...               | String[]                                 | Declare it as a List, for example: List<String>
            byte[]                  | byte[]                                   | Keep bytes elsewhere and pass what finds them, for example: String itKey
            Number                  | Number                                   | Name the type that it really is, for example: BigDecimal
            Stream<String>          | java.util.stream.Stream<String>          | A stream can be read only once. Collect what it yields into a List.
            Supplier<String>        | java.util.function.Supplier<String>      | Code cannot be stored. Pass the values that it works on and call it inside the step.
            Runnable                | Runnable                                 | Code cannot be stored. Pass the values that it works on and call it inside the step.
            Callback                | demo.Fulfillment.Callback                | Code cannot be stored. Pass the values that it works on and call it inside the step.
            java.nio.file.Path      | java.nio.file.Path                       | Paths and files are stored by their names, for example: String itPath
            Date                    | java.util.Date                           | Declare it as java.time.Instant, java.time.LocalDate or another type of java.time.
            java.net.URL            | java.net.URL                             | Declare it as java.net.URI.
            ZoneOffset              | java.time.ZoneOffset                     | Declare it as java.time.ZoneId.
            OptionalLong            | java.util.OptionalLong                   | Declare it as Optional<Integer>, Optional<Long> or Optional<Double>.
            @Nullable Optional<Long> | java.util.Optional<Long>                | An Optional is never null. Drop @Nullable or Optional.
            @Nullable long          | @Nullable long                           | A primitive is never null. Declare the boxed type, or drop @Nullable.
            Thread                  | Thread                                   | Pass a String or a number that tells the same, and build it inside the step.
            """)
    void param_isReportedAtTheComponent(String type, String shown, String advice) {
        Compiled.wrong(fulfillment("""
                        record Params(
                            long subscriptionId,
                            %s it
                        ) {}
                        class Subscription {}
                        record Address(String street, String town) {}
                        record Page(List<String> lines) {}
                        record MaybeId(@Nullable Long value) {}
                        static final class OrderNumber { static OrderNumber of(String text) { return new OrderNumber(); } }
                        static final class Tariff {
                            static Tariff of(String name, int cents) { return new Tariff(); }
                            static String valueOf(Tariff tariff) { return ""; }
                        }
                        sealed interface Shape permits Circle {}
                        record Circle(int radius) implements Shape {}
                        @FunctionalInterface interface Callback { void call(); }
                        @Step void charge(long subscriptionId) {}
                        """.formatted(type)))
                .failsAt(
                        type + " it",
                        "[BackOps/NotSimple] Param \"it\" is a " + shown + ", which is not a simple type.",
                        advice);
    }

    @Test
    void object_isReportedWithAnArticle() {
        Compiled.wrong(fulfillment("record Params(Object it) {}\n@Step void charge() {}"))
                .failsAt(
                        "record Params(Object it) {}",
                        "[BackOps/NotSimple] Param \"it\" is an Object, which is not a simple type.",
                        "Name the type that it really is: a stored value is read back by its declared type.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Receipt            | demo.Fulfillment.Receipt            | Return what it takes to load it in a later step, for example: long receiptId
            List<Receipt>      | java.util.List<demo.Fulfillment.Receipt> | List, Set and Map hold simple types only. Return what it takes to load them, for example: List<Long>
            byte[]             | byte[]                              | Keep bytes elsewhere and return what finds them, for example: String receiptKey
            Thread             | Thread                              | Return a String or a number that tells the same, and build it in the later step.
            """)
    void output_isReportedAtTheName(String type, String shown, String advice) {
        Compiled.wrong(fulfillment("""
                        class Receipt {}
                        @Step(
                            output = "receipt"
                        )
                        %s charge() { return null; }
                        @Step void send(%s receipt) {}
                        """.formatted(type, type)))
                .failsAt(
                        "output = \"receipt\"",
                        "[BackOps/NotSimple] Output \"receipt\" is a " + shown + ", which is not a simple type.",
                        advice);
    }

    @Test
    void param_readByManySteps_isReportedOnce() {
        Compiled.wrong(fulfillment("""
                        class Subscription {}
                        record Params(Subscription subscription) {}
                        @Step void charge(Subscription subscription) {}
                        @Step void send(long subscription) {}
                        """))
                .failsAt(
                        "record Params(Subscription subscription) {}",
                        "[BackOps/NotSimple] Param \"subscription\" is a demo.Fulfillment.Subscription, which is not a"
                                + " simple type.",
                        "Pass what it takes to load it inside the step, for example: long subscriptionId");
    }

    @Test
    void entityCalledId_isReportedWithItsName() {
        Compiled.wrong(fulfillment("""
                        class Customer {}
                        record Params(Customer customerId) {}
                        @Step void charge() {}
                        """))
                .failsAt(
                        "record Params(Customer customerId) {}",
                        "[BackOps/NotSimple] Param \"customerId\" is a demo.Fulfillment.Customer, which is not a simple"
                                + " type.",
                        "Pass what it takes to load it inside the step, for example: long customerId");
    }

    @Test
    void typeVariable_isReported() {
        Compiled.wrong(fulfillment("""
                        @Step(output = "it")
                        <T> T charge() { return null; }
                        """))
                .failsAt(
                        "<T> T charge() { return null; }",
                        "[BackOps/GenericStep] charge has type parameters, but values must be of known types.");
    }

    @Test
    void privateEnum_isReported() {
        Compiled.wrong(fulfillment("""
                        private enum Plan { RED, BLUE }
                        record Params(Plan plan, List<Plan> plans) {}
                        @Step void charge(Plan plan) {}
                        """))
                .fails(
                        Compiled.Problem.at(
                                "record Params(Plan plan, List<Plan> plans) {}",
                                "[BackOps/PrivateType] Param \"plan\" is a demo.Fulfillment.Plan, but generated code"
                                        + " cannot name Plan.",
                                "Make Plan and the classes around it at least package-private."),
                        Compiled.Problem.at(
                                "record Params(Plan plan, List<Plan> plans) {}",
                                "[BackOps/PrivateType] Param \"plans\" is a java.util.List<demo.Fulfillment.Plan>, but"
                                        + " generated code cannot name Plan.",
                                "Make Plan and the classes around it at least package-private."));
    }
}
