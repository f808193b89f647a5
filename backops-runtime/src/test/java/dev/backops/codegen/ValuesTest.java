package dev.backops.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backops.StoredValueException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ValuesTest {

    private static final Field<String> NAME = Field.required("name", Types.STRING);
    private static final Field<String> NOTE = Field.nullable("note", Types.STRING);

    @Test
    void values_areReadByTheirFields() {
        Values values = Values.of(NAME, "Ada").and(NOTE, "hers");

        assertThat(values.get(NAME)).isEqualTo("Ada");
        assertThat(values.find(NOTE)).contains("hers");
        assertThat(values.json())
                .isEqualTo(Map.of("name", "Ada", "note", "hers"))
                .isUnmodifiable();
    }

    @Test
    void nullableValue_thatIsNull_isNotThere() {
        Values values = Values.of(NAME, "Ada").and(NOTE, "hers").and(NOTE, null);

        assertThat(values.orNull(NOTE)).isNull();
        assertThat(values.find(NOTE)).isEmpty();
        assertThat(values.json()).containsOnlyKeys("name");
    }

    @Test
    void and_leavesWhatItBuildsOnAsItWas() {
        Values one = Values.of(NAME, "Ada");
        one.and(NOTE, "hers");

        assertThat(one.json()).containsOnlyKeys("name");
        assertThat(Values.none().json()).isEmpty();
    }

    @Test
    void requiredValue_thatIsNull_isRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Values.of(NAME, null))
                .withMessage("\"name\" is null, but is not declared @Nullable");
    }

    @Test
    void requiredValue_thatIsMissing_isMissedByName() {
        assertThatThrownBy(() -> Values.none().get(NAME))
                .isInstanceOf(StoredValueException.class)
                .hasMessage("\"name\" is not set, but is needed here");
    }

    static Stream<Arguments> misfits() {
        return Stream.of(
                misfit(Types.STRING, 42),
                misfit(Types.STRING, List.of("secret")),
                misfit(Types.BOOLEAN, "secret"),
                misfit(Types.INT, 1L << 40),
                misfit(Types.INT, new java.math.BigDecimal("1.5")),
                misfit(Types.INT, "secret"),
                misfit(Types.LONG, Map.of("secret", 1)),
                misfit(Types.DOUBLE, "secret"),
                misfit(Types.CHAR, "secret"),
                misfit(Types.UUID, "secret"),
                misfit(Types.INSTANT, "secret"),
                misfit(Types.YEAR, "secret"),
                misfit(Types.YEAR_MONTH, "secret"),
                misfit(Types.CURRENCY, "secret"),
                misfit(Types.ZONE_ID, "secret"),
                misfit(Types.enumOf("State", Thread.State.values()), "secret"),
                misfit(Types.listOf(Types.INT), "secret"),
                misfit(Types.listOf(Types.INT), List.of("secret")),
                misfit(Types.listOf(Types.STRING), Arrays.asList("secret", null)),
                misfit(Types.mapOf(Types.INT), List.of("secret")),
                misfit(Types.mapOf(Types.INT), Map.of("secret", "secret")));
    }

    @ParameterizedTest(name = "{index} {0}")
    @MethodSource("misfits")
    void storedValue_ofAnotherType_isRefusedByNameAndNotQuoted(ValueType<?> type, Object stored) {
        Values values = Values.ofJson(Map.of("field", stored));

        assertThatThrownBy(() -> values.get(Field.required("field", type)))
                .isInstanceOf(StoredValueException.class)
                .hasMessageStartingWith("The stored value of \"field\" is not a " + type.name())
                .hasNoCause()
                .satisfies(e -> assertThat(e.toString()).doesNotContain("secret"));
    }

    private static Arguments misfit(ValueType<?> type, Object stored) {
        return Arguments.of(Named.of(type.name(), type), stored);
    }
}
