package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.processor.Compiled.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarkRuleTest {

    /** What the processor takes for a default, the runtime reads: it does so when the class is initialized. */
    @Test
    void defaults_areReadByTheirTypes() throws ClassNotFoundException {
        Compiled compiled = Compiled.of(fulfillment("""
                enum Plan { RED, BLUE }
                record CustomerId(long value) {}
                record Params(
                        @Default("true") boolean a, @Default("-128") Byte b, @Default("32767") short c,
                        @Default("+7") Integer d, @Default("9223372036854775807") long e, @Default("0.1") float f,
                        @Default("-1e300") Double g, @Default("\\u00fc") char h, @Default("say \\"hi\\"\\n$L") String i,
                        @Default("123456789012345678901234567890.10") BigDecimal j,
                        @Default("123456789012345678901234567890") BigInteger k,
                        @Default("123e4567-e89b-12d3-a456-426614174000") UUID l, @Default("https://example.org/") java.net.URI m,
                        @Default("EUR") Currency n, @Default("en-GB") Locale o, @Default("2026-01-31T12:00:00Z") Instant p,
                        @Default("2026-01-31T12:00:00+01:00") OffsetDateTime q,
                        @Default("2026-01-31T12:00:00+01:00[Europe/Berlin]") ZonedDateTime r,
                        @Default("2026-01-31") LocalDate s, @Default("12:00:00") LocalTime t,
                        @Default("2026-01-31T12:00:00") LocalDateTime u, @Default("PT24H") Duration v,
                        @Default("P1M") Period w, @Default("Europe/Berlin") ZoneId x, @Default("2026") Year y,
                        @Default("2026-01") YearMonth z, @Default("BLUE") Plan plan, @Default("42") CustomerId customerId,
                        @Default("[]") List<CustomerId> list, @Default("[]") Set<Plan> set,
                        @Default("{}") Map<String, Long> map, @Default("") String empty) {}
                @Step void charge() {}
                """));
        compiled.succeeds().initialize("demo.FulfillmentContext");
        assertThat(compiled.source("demo.FulfillmentContext"))
                .contains(".orElse(9223372036854775807L)", ".orElse(new BigDecimal(\"0.1\"))", ".orElse(\"BLUE\")");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            yes           | boolean         | a boolean             | Write "true" or "false".
            128           | byte            | a byte                | Write a whole number from -128 to 127.
            1.5           | short           | a short               | Write a whole number from -32768 to 32767.
            2147483648    | int             | an int                | Write a whole number from -2147483648 to 2147483647.
            42L           | Long            | a Long                | Write a whole number of 64 bits.
            1e39          | float           | a float               | Write a number such as "0.5".
            NaN           | double          | a double              | Write a number such as "0.5".
            9,95          | BigDecimal      | a java.math.BigDecimal | Write a number such as "9.95".
            1.0           | BigInteger      | a java.math.BigInteger | Write a whole number.
            ab            | char            | a char                | Write one character.
            \\u0000a     | String          | a String              | PostgreSQL stores no U+0000 and no half characters.
            1-1-1-1-1     | UUID            | a java.util.UUID      | Write for example "123e4567-e89b-12d3-a456-426614174000".
            a b           | java.net.URI    | a java.net.URI        | Write for example "https://example.org/".
            Euro          | Currency        | a java.util.Currency  | Write for example "EUR".
            en_GB         | Locale          | a java.util.Locale    | Write for example "en-GB".
            2026-01-31    | Instant         | a java.time.Instant   | Write for example "2026-01-31T12:00:00Z".
            31.1.2026     | LocalDate       | a java.time.LocalDate | Write for example "2026-01-31".
            24h           | Duration        | a java.time.Duration  | Write for example "PT24H".
            CEST          | ZoneId          | a java.time.ZoneId    | Write for example "Europe/Berlin".
            2026-13       | YearMonth       | a java.time.YearMonth | Write for example "2026-01".
            BLEU          | Plan            | a demo.Fulfillment.Plan | Did you mean "BLUE"? Its constants: RED, BLUE
            green         | Plan            | a demo.Fulfillment.Plan | Its constants: RED, BLUE
            x             | CustomerId      | a demo.Fulfillment.CustomerId | Write a whole number of 64 bits.
            1             | List<Long>      | a java.util.List<Long> | A collection can only be empty by default: "[]"
            []            | Map<String,Long> | a java.util.Map<String, Long> | A collection can only be empty by default: "{}"
            """)
    void defaultOfAnotherType_isReportedAtTheComponent(String text, String type, String shown, String advice) {
        String component = "@Default(\"" + text + "\") " + type + " it";
        String value = text.replace("\\u0000", "\u0000");
        Compiled.wrong(fulfillment("""
                        enum Plan { RED, BLUE }
                        record CustomerId(long value) {}
                        record Params(
                            %s
                        ) {}
                        @Step void charge() {}
                        """.formatted(component)))
                .failsAt(
                        component,
                        "[BackOps/InvalidDefault] The default of \"it\" is \"" + value + "\", which is not " + shown
                                + ".",
                        advice);
    }

    @ParameterizedTest
    @CsvSource({"@Nullable Integer", "Optional<Integer>"})
    void defaultOfWhatMayBeMissing_isReported(String type) {
        Compiled.wrong(fulfillment("record Params(@Default(\"1\") " + type + " it) {}\n@Step void charge() {}"))
                .failsAt(
                        "record Params(@Default(\"1\") " + type + " it) {}",
                        "[BackOps/InvalidDefault] Param \"it\" may be missing, so operations that were stored before it are"
                                + " without it.",
                        "Remove @Default, or declare it as Integer.");
    }

    @Test
    void defaultAndIndexOfAnOutput_areReportedAtTheStep() {
        Compiled.wrong(fulfillment("""
                        record Charge(@Default("1") int cents, @Indexed String id) {}
                        @Step
                        Charge charge() { return null; }
                        """))
                .fails(
                        Problem.at(
                                "@Step",
                                "[BackOps/InvalidDefault] Output \"cents\" has a default, but only params have one.",
                                "Remove @Default, and take the output as @Nullable or Optional where it may be unset."),
                        Problem.at(
                                "@Step",
                                "[BackOps/InvalidIndexed] Output \"id\" is indexed, but only params can be.",
                                "Remove @Indexed."));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            List<String>          | java.util.List<String>
            Optional<Set<String>> | java.util.Optional<java.util.Set<String>>
            """)
    void indexOfACollection_isReported(String type, String shown) {
        Compiled.wrong(fulfillment("record Params(@Indexed " + type + " it) {}\n@Step void charge() {}"))
                .failsAt(
                        "record Params(@Indexed " + type + " it) {}",
                        "[BackOps/InvalidIndexed] Param \"it\" is " + shown + ", but an index finds equal values only.",
                        "Remove @Indexed, or index a single value.");
    }

    @Test
    void mistakesBesideATypeThatIsNotSimple_areNotReported() {
        Compiled.wrong(fulfillment("record Params(@Default(\"1\") @Indexed Object it) {}\n@Step void charge() {}"))
                .failsAt(
                        "record Params(@Default(\"1\") @Indexed Object it) {}",
                        "[BackOps/NotSimple] Param \"it\" is an Object, which is not a simple type.",
                        "Name the type that it really is: a stored value is read back by its declared type.");
    }

    @Test
    void marksOfATypeThatIsNotSimple_drawNoOtherErrors() {
        Compiled.wrong(fulfillment("""
                        class Order {}
                        record Params(@Formerly("it") @Sensitive Order order) {}
                        @Step void charge() {}
                        """))
                .failsAt(
                        "record Params(@Formerly(\"it\") @Sensitive Order order) {}",
                        "[BackOps/NotSimple] Param \"order\" is a demo.Fulfillment.Order, which is not a simple type.",
                        "Pass what it takes to load it inside the step, for example: long orderId");
    }

    @Test
    void sensitiveStepWithoutOutput_isReported() {
        Compiled.wrong(fulfillment("@Step @Sensitive\nString logIn() { return \"\"; }"))
                .failsAt(
                        "String logIn() { return \"\"; }",
                        "[BackOps/InvalidSensitive] logIn keeps no output, so there is nothing sensitive. Remove"
                                + " @Sensitive.");
    }

    @Test
    void sensitiveKey_isReported() {
        Compiled.wrong(fulfillment("record Params(@Sensitive String iban) {}\n@Step void charge() {}")
                        .replace("(\"fulfillment\")", "(value = \"fulfillment\", key = \"iban\")"))
                .failsAt(
                        "@dev.backops.annotation.Operation(value = \"fulfillment\", key = \"iban\")",
                        "[BackOps/InvalidKey] \"iban\" is sensitive, but a key is stored and shown.",
                        "Leave it out, or take a value that stands for it.");
    }

    @Test
    void outputOfTwoSteps_isAsPrivateAsTheStricterOne() {
        Compiled compiled = Compiled.of(fulfillment("""
                enum Way { RED, BLUE }
                record Login(@Sensitive(eraseAtEnd = true) String token) {}
                @Step(jumpsTo = {"red", "blue"}) Way choose() { return Way.RED; }
                @Step(branch = "red", output = "token") @Sensitive String logInRed() { return ""; }
                @Step(branch = "blue") Login logInBlue() { return new Login(""); }
                """));
        compiled.succeeds();
        assertThat(compiled.source("demo.FulfillmentContext"))
                .contains("Field.required(\"token\", Types.STRING)\n            .erasedAtEnd();");
    }
}
