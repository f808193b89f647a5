package dev.backops.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.codegen.Types;
import dev.backops.codegen.ValueType;
import dev.backops.internal.json.Json;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What repairs in SQL refuse as the value of an output is what code could not read. */
class OutputTypesTest {

    private static final Map<String, ValueType<?>> TYPES = Stream.of(
                    Types.BOOLEAN,
                    Types.BYTE,
                    Types.SHORT,
                    Types.INT,
                    Types.LONG,
                    Types.BIG_INTEGER,
                    Types.BIG_DECIMAL,
                    Types.FLOAT,
                    Types.DOUBLE,
                    Types.CHAR,
                    Types.STRING,
                    Types.UUID,
                    Types.URI,
                    Types.CURRENCY,
                    Types.LOCALE,
                    Types.INSTANT,
                    Types.OFFSET_DATE_TIME,
                    Types.ZONED_DATE_TIME,
                    Types.LOCAL_DATE,
                    Types.LOCAL_TIME,
                    Types.LOCAL_DATE_TIME,
                    Types.DURATION,
                    Types.PERIOD,
                    Types.ZONE_ID,
                    Types.YEAR,
                    Types.YEAR_MONTH,
                    Types.enumOf("State", Thread.State.values()),
                    Types.listOf(Types.LONG),
                    Types.setOf(Types.enumOf("State", Thread.State.values())),
                    Types.mapOf(Types.LOCAL_DATE))
            .collect(Collectors.toMap(ValueType::name, Function.identity()));

    @RegisterExtension
    final TestDatabase testDatabase = TestDatabase.withTables();

    private final Tables tables = new Tables(testDatabase);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        boolean        | true false                          | 1 "true" null
        byte           | 127 -128 1.0                        | 128 -129 1.5 "1"
        short          | 32767 -32768                        | 32768 -32769
        int            | 2147483647 -2147483648              | 2147483648 "7" true
        long           | 9223372036854775807 -9223372036854775808 0 7.0 | 9223372036854775808 -9223372036854775809 0.5 "three" [1] {}
        BigInteger     | 9223372036854775808 1e30            | 1.5 "1"
        BigDecimal     | 1.5 1e300                           | "1.5" "NaN"
        float          | 1.5 3.4e38 "NaN" "-0.0" "Infinity"  | "one" true
        double         | 1.5 1e308 "NaN" "-Infinity"         | "one" []
        char           | "x" "ü"                             | "" "xy" "😀" 1
        String         | "" "1" "😀"                         | 1 true [] {}
        UUID           | "123e4567-e89b-12d3-a456-426614174000" | "123e4567" "" 1
        URI            | "" "https://x.org/a?b=%20#c" "mailto:a@b" | "a^b" "%zz" 1
        Currency       | "EUR"                               | "Euro" "" 1
        Locale         | "" "de" "zh-Hant-TW"                | 1
        Instant        | "2026-02-28T10:00:00Z" "2024-02-29T10:00:00.123456789Z" "+12345-01-01T00:00:00Z" "-0044-03-15T10:00:00Z" | "2026-02-29T10:00:00Z" "2026-13-01T10:00:00Z" "2026-04-31T10:00:00Z" "2026-01-01T25:00:00Z" "2026-01-01" "tomorrow" "12345-01-01T00:00:00Z" 1
        OffsetDateTime | "2026-02-28T10:00+05:30" "2026-02-28T10:00:00Z" | "2026-02-28T10:00" "2026-02-30T10:00Z" 1
        ZonedDateTime  | "2026-02-28T10:00+01:00[Europe/Paris]" "2026-02-28T10:00Z" | "2026-02-28T10:00[Europe/Paris" "yesterday" 1
        LocalDate      | "2026-02-28" "2000-02-29" "-0004-02-29" "+123456-01-01" | "2026-02-29" "1900-02-29" "2026-2-1" "28.02.2026" 1
        LocalTime      | "10:00" "10:00:00.5"                | "24:01" "10:60" "10" 1
        LocalDateTime  | "2026-02-28T10:00"                  | "2026-02-28 10:00" "2026-02-30T10:00" 1
        Duration       | "PT1H" "P1DT0.5S" "-PT1M" "PT-1M"   | "P" "PT" "P1DT" "1h" "P1M" 1
        Period         | "P1Y2M3W4D" "-P1D"                  | "P" "PT1H" "1 day" 1
        ZoneId         | "Europe/Paris" "Z" "+05:30" "UTC"   | "" "no where" 1
        Year           | "2026" "7" "-44"                    | "next" "" 1
        YearMonth      | "2026-02" "+10000-01" "-0044-03"    | "2026-13" "10000-01" "2026" 1
        enum State     | "NEW" "RUNNABLE"                    | "new" "" 1
        List<long>     | [] [1, 2]                           | [1, "2"] [null] {} 1
        Set<enum State> | [] ["NEW"]                         | ["NEW", "OLD"] "NEW"
        Map<String,LocalDate> | {} {"a": "2026-02-28"}       | {"a": 1} {"a": "2026-02-29"} []
        """)
    void value_isAMisfitWhereCodeCannotReadIt(String name, String fitting, String misfits) {
        ValueType<?> type = Objects.requireNonNull(TYPES.get(name));
        for (Object value : values(fitting)) {
            assertThat(isReadable(type, value))
                    .as("%s as %s in Java", value, name)
                    .isTrue();
            assertThat(isMisfit(type, value)).as("%s as %s", value, name).isFalse();
        }
        for (Object value : values(misfits)) {
            assertThat(isReadable(type, value))
                    .as("%s as %s in Java", value, name)
                    .isFalse();
            assertThat(isMisfit(type, value)).as("%s as %s", value, name).isTrue();
        }
    }

    private static List<?> values(String json) {
        String separated = json.strip().replaceAll("(?<=[^,:]) (?![^\\[{]*[\\]}])", ", ");
        return (List<?>) Objects.requireNonNull(
                Json.readObject("{\"all\": [" + separated + "]}").get("all"));
    }

    private static boolean isReadable(ValueType<?> type, Object json) {
        try {
            return type.fromJson().apply(json) != null;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private boolean isMisfit(ValueType<?> type, Object value) {
        try (Handle handle = tables.open()) {
            return handle.createQuery("SELECT backops.is_misfit(:type, :constants, CAST(:value AS jsonb))")
                    .bind("type", type.name())
                    .bindArray("constants", String.class, type.constants())
                    .bind("value", Json.writeValue(value))
                    .mapTo(Boolean.class)
                    .one();
        }
    }
}
