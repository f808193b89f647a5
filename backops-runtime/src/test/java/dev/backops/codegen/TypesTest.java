package dev.backops.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.backops.internal.json.Json;
import dev.backops.testkit.TestDatabase;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TypesTest {

    enum Plan {
        FREE,
        // Its class is not Plan.
        PAID {
            @Override
            public String toString() {
                return "gold";
            }
        }
    }

    record OrderId(long value) {}

    record Email(String value) {}

    @RegisterExtension
    final TestDatabase testDatabase = TestDatabase.withTables();

    static Stream<Arguments> values() {
        return Stream.of(
                of(Types.BOOLEAN, true, false),
                of(Types.BYTE, Byte.MIN_VALUE, Byte.MAX_VALUE),
                of(Types.SHORT, Short.MIN_VALUE, Short.MAX_VALUE),
                of(Types.INT, Integer.MIN_VALUE, 0, Integer.MAX_VALUE),
                of(Types.LONG, Long.MIN_VALUE, (1L << 53) + 1, Long.MAX_VALUE),
                of(Types.BIG_INTEGER, BigInteger.ZERO, BigInteger.TWO.pow(4_000).negate()),
                of(
                        Types.BIG_DECIMAL,
                        new BigDecimal("1.50"),
                        new BigDecimal("-0.10000000000000000000000000000001"),
                        new BigDecimal("0E-10"),
                        new BigDecimal("150"),
                        new BigDecimal("1E-16383"),
                        new BigDecimal(BigInteger.TEN.pow(130_000))),
                of(
                        Types.FLOAT,
                        Float.MIN_VALUE,
                        -Float.MAX_VALUE,
                        0.1f,
                        0f,
                        -0f,
                        16_777_216f,
                        Float.NaN,
                        Float.NEGATIVE_INFINITY),
                of(
                        Types.DOUBLE,
                        Double.MIN_VALUE,
                        -Double.MAX_VALUE,
                        0.1,
                        0d,
                        -0d,
                        Double.MIN_NORMAL,
                        Double.parseDouble("1E23"),
                        Double.NaN,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY),
                of(Types.CHAR, 'a', '"', '\u0001', '\uFFFF', ' '),
                of(
                        Types.STRING,
                        "",
                        " \t\n\r",
                        "\"\\/\b\f\u0001\u007F\u0085\u2028",
                        "\uD83D\uDE00 \uDBFF\uDFFF e\u0301 \u00E9",
                        "null",
                        "x".repeat(1_000_000)),
                of(Types.UUID, new UUID(0, 0), new UUID(-1, Long.MIN_VALUE)),
                of(
                        Types.URI,
                        URI.create(""),
                        URI.create("https://u:p@h:1/a%20b?q=\u00E9#f"),
                        URI.create("mailto:a@b.c"),
                        URI.create("../x")),
                of(Types.CURRENCY, Currency.getInstance("EUR"), Currency.getInstance("XXX")),
                of(
                        Types.LOCALE,
                        Locale.ROOT,
                        Locale.US,
                        Locale.forLanguageTag("zh-Hant-TW"),
                        Locale.forLanguageTag("de-DE-1996-u-co-phonebk"),
                        new Locale("th", "TH", "TH"),
                        new Locale("iw")),
                of(
                        Types.INSTANT,
                        Instant.MIN,
                        Instant.MAX,
                        Instant.EPOCH,
                        Instant.parse("2026-01-01T00:00:00.123456789Z")),
                of(
                        Types.OFFSET_DATE_TIME,
                        OffsetDateTime.MIN,
                        OffsetDateTime.MAX,
                        OffsetDateTime.parse("2026-01-01T00:00:00.000000001+05:30:15")),
                of(
                        Types.ZONED_DATE_TIME,
                        // The same local time, before and after the clocks were set back.
                        ZonedDateTime.ofInstant(Instant.parse("2025-10-26T00:30:00Z"), ZoneId.of("Europe/Berlin")),
                        ZonedDateTime.ofInstant(Instant.parse("2025-10-26T01:30:00Z"), ZoneId.of("Europe/Berlin")),
                        ZonedDateTime.of(LocalDateTime.MAX, ZoneOffset.UTC),
                        ZonedDateTime.of(LocalDateTime.of(1800, 1, 1, 0, 0), ZoneId.of("Europe/Berlin")),
                        ZonedDateTime.of(LocalDateTime.of(2026, 7, 1, 0, 0), ZoneId.of("UTC+01:00"))),
                of(
                        Types.LOCAL_DATE,
                        LocalDate.MIN,
                        LocalDate.MAX,
                        LocalDate.of(2024, 2, 29),
                        LocalDate.of(10_000, 1, 1)),
                of(Types.LOCAL_TIME, LocalTime.MIN, LocalTime.MAX, LocalTime.NOON),
                of(Types.LOCAL_DATE_TIME, LocalDateTime.MIN, LocalDateTime.MAX),
                of(
                        Types.DURATION,
                        Duration.ZERO,
                        Duration.ofSeconds(Long.MIN_VALUE),
                        Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
                        Duration.ofNanos(-1)),
                of(Types.PERIOD, Period.ZERO, Period.of(-1, 14, Integer.MIN_VALUE)),
                of(Types.ZONE_ID, ZoneId.of("Asia/Kolkata"), ZoneOffset.MIN, ZoneOffset.UTC, ZoneId.of("GMT+2")),
                of(
                        Types.YEAR,
                        Year.of(2026),
                        Year.of(0),
                        Year.of(7),
                        Year.of(-44),
                        Year.of(10_000),
                        Year.of(Year.MIN_VALUE),
                        Year.of(Year.MAX_VALUE)),
                of(
                        Types.YEAR_MONTH,
                        YearMonth.of(2026, 2),
                        YearMonth.of(7, 12),
                        YearMonth.of(-44, 3),
                        YearMonth.of(10_000, 1),
                        YearMonth.of(Year.MIN_VALUE, 1),
                        YearMonth.of(Year.MAX_VALUE, 12)),
                of(Types.enumOf("Plan", Plan.values()), Plan.FREE, Plan.PAID),
                of(Types.wrapper(Types.LONG, OrderId::value, OrderId::new), new OrderId(Long.MIN_VALUE)),
                of(Types.listOf(Types.STRING), List.of(), List.of("b", "a", "b")),
                of(Types.listOf(Types.DOUBLE), List.of(Double.NaN, 1.0, -0.0)),
                of(Types.setOf(Types.INT), Set.of(), new LinkedHashSet<>(List.of(3, 1, 2))),
                of(
                        Types.mapOf(Types.BIG_DECIMAL),
                        Map.of(),
                        Map.of(
                                "",
                                BigDecimal.ONE,
                                "\uD83D\uDE00\"",
                                new BigDecimal("1.0"),
                                "k".repeat(60_000),
                                BigDecimal.TEN)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("values")
    void value_comesBackAsItWas(ValueType<Object> type, List<Object> values) {
        Field<Object> field = Field.required("value", type);
        for (Object value : values) {
            String written = Json.write(Values.of(field, value).json());

            assertThat(Values.ofJson(Json.readObject(written)).get(field)).isEqualTo(value);
            assertThat(Values.ofJson(Json.readObject(stored(written))).get(field))
                    .isEqualTo(value);
        }
    }

    @Test
    void floatingPoint_ofAnyBits_comesBackAsItWas() {
        Random random = new Random(42);
        Field<List<Double>> doubles = Field.required("doubles", Types.listOf(Types.DOUBLE));
        Field<List<Float>> floats = Field.required("floats", Types.listOf(Types.FLOAT));
        List<Double> someDoubles =
                random.longs(2_000).mapToObj(Double::longBitsToDouble).toList();
        List<Float> someFloats =
                random.ints(2_000).mapToObj(Float::intBitsToFloat).toList();

        Map<String, Object> read = Json.readObject(stored(Json.write(
                Values.of(doubles, someDoubles).and(floats, someFloats).json())));

        assertThat(Values.ofJson(read).get(doubles)).isEqualTo(someDoubles);
        assertThat(Values.ofJson(read).get(floats)).isEqualTo(someFloats);
    }

    /* jsonb writes numbers out: 1E+3 is 1000. */
    @Test
    void bigDecimal_ofNegativeScale_keepsItsValue() {
        Field<BigDecimal> field = Field.required("value", Types.BIG_DECIMAL);
        BigDecimal value = new BigDecimal("1.2E+300");

        BigDecimal read = Values.ofJson(Json.readObject(
                        stored(Json.write(Values.of(field, value).json()))))
                .get(field);

        assertThat(read).isEqualByComparingTo(value);
    }

    @Test
    void collections_readFromStore_keepTheirOrderAndDoNotChange() {
        Set<String> set = new LinkedHashSet<>(List.of("z", "a", "m"));
        ValueType<Set<String>> type = Types.setOf(Types.STRING);

        Set<String> read = type.fromJson().apply(type.toJson().apply(set));

        assertThat(read).containsExactly("z", "a", "m").isUnmodifiable();
        assertThat(Types.listOf(Types.INT).fromJson().apply(List.of(1))).isUnmodifiable();
        assertThat(Types.mapOf(Types.INT).fromJson().apply(Map.of("a", 1))).isUnmodifiable();
    }

    @SuppressWarnings("NullAway") // The wrapped null is the point.
    static Stream<Arguments> refused() {
        Map<String, Integer> badKey = new LinkedHashMap<>();
        badKey.put("secret\0", 1);
        return Stream.of(
                refused(Types.STRING, "secret\0", "contains the character U+0000 at index 6"),
                refused(Types.STRING, "secret\uD83D", "contains half a surrogate pair at index 6"),
                refused(Types.STRING, "secret\uDE00\uD83D", "contains half a surrogate pair at index 6"),
                refused(Types.CHAR, '\0', "contains the character U+0000"),
                refused(Types.CHAR, '\uD83D', "contains half a surrogate pair"),
                refused(Types.listOf(Types.STRING), Arrays.asList("secret", null), "contains null"),
                refused(Types.listOf(Types.STRING), List.of("ok", "secret\0"), "contains the character U+0000"),
                refused(Types.mapOf(Types.INT), badKey, "contains the character U+0000"),
                refused(Types.wrapper(Types.STRING, Email::value, Email::new), new Email(null), "wraps null"),
                refused(Types.LOCALE, new Locale("secret_language"), "has no language tag"),
                refused(Types.LOCALE, new Locale("no", "NO", "NY"), "has no language tag"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void value_thatCannotBeStored_isRefusedByNameAndNotQuoted(ValueType<Object> type, Object value, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Values.of(Field.required("email", type), value))
                .withMessageStartingWith("\"email\" " + reason)
                .satisfies(e -> assertThat(e.toString()).doesNotContain("secret"));
    }

    private String stored(String json) {
        return testDatabase
                .jdbi()
                .withHandle(handle -> handle.createQuery("SELECT CAST(:json AS jsonb)::text")
                        .bind("json", json)
                        .mapTo(String.class)
                        .one());
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static <T> Arguments of(ValueType<T> type, T... values) {
        return Arguments.of(Named.of(type.name(), type), List.of(values));
    }

    private static <T> Arguments refused(ValueType<T> type, T value, String reason) {
        return Arguments.of(Named.of(type.name() + " " + reason, type), value, reason);
    }
}
