package dev.backops.codegen;

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
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The simple types, each with its stored form. Numbers are JSON numbers, exact but for the negative scale of a {@code
 * BigDecimal}, which becomes zero: PostgreSQL writes {@code 1E+3} out. All else is the text of the JDK, and so are the
 * floating-point values that are no JSON numbers: infinities, NaN and negative zero.
 */
public final class Types {

    /* YearMonth.toString() writes 10000-01, which YearMonth.parse() refuses: beyond four digits it wants a sign. */
    private static final DateTimeFormatter YEAR_MONTH_FORMAT = new DateTimeFormatterBuilder()
            .appendValue(ChronoField.YEAR, 4, 10, SignStyle.EXCEEDS_PAD)
            .appendLiteral('-')
            .appendValue(ChronoField.MONTH_OF_YEAR, 2)
            .toFormatter(Locale.ROOT);

    public static final ValueType<Boolean> BOOLEAN = new ValueType<>("boolean", value -> value, Boolean.class::cast);
    public static final ValueType<Byte> BYTE =
            integer("byte", value -> decimal(value).byteValueExact());
    public static final ValueType<Short> SHORT =
            integer("short", value -> decimal(value).shortValueExact());
    public static final ValueType<Integer> INT =
            integer("int", value -> decimal(value).intValueExact());
    public static final ValueType<Long> LONG =
            integer("long", value -> decimal(value).longValueExact());
    public static final ValueType<BigInteger> BIG_INTEGER = new ValueType<>(
            "BigInteger", Types::storable, value -> decimal(value).toBigIntegerExact());
    public static final ValueType<BigDecimal> BIG_DECIMAL =
            new ValueType<>("BigDecimal", Types::storable, Types::decimal);
    public static final ValueType<Float> FLOAT = new ValueType<>(
            "float",
            value -> Float.isFinite(value) && !value.equals(-0f) ? new BigDecimal(value.toString()) : value.toString(),
            value -> value instanceof String text
                    ? Float.valueOf(text)
                    : Float.valueOf(decimal(value).floatValue()));
    public static final ValueType<Double> DOUBLE = new ValueType<>(
            "double",
            value -> Double.isFinite(value) && !value.equals(-0d) ? new BigDecimal(value.toString()) : value.toString(),
            value -> value instanceof String text
                    ? Double.valueOf(text)
                    : Double.valueOf(decimal(value).doubleValue()));
    public static final ValueType<Character> CHAR =
            new ValueType<>("char", value -> storable(value.toString()), Types::character);

    public static final ValueType<String> STRING = new ValueType<>("String", Types::storable, String.class::cast);
    public static final ValueType<UUID> UUID = text("UUID", java.util.UUID::fromString);
    public static final ValueType<URI> URI = text("URI", java.net.URI::create);
    public static final ValueType<Currency> CURRENCY =
            text("Currency", Currency::getCurrencyCode, Currency::getInstance);
    public static final ValueType<Locale> LOCALE = text("Locale", Types::languageTag, Locale::forLanguageTag);

    public static final ValueType<Instant> INSTANT = text("Instant", Instant::parse);
    public static final ValueType<OffsetDateTime> OFFSET_DATE_TIME = text("OffsetDateTime", OffsetDateTime::parse);
    public static final ValueType<ZonedDateTime> ZONED_DATE_TIME = text("ZonedDateTime", ZonedDateTime::parse);
    public static final ValueType<LocalDate> LOCAL_DATE = text("LocalDate", LocalDate::parse);
    public static final ValueType<LocalTime> LOCAL_TIME = text("LocalTime", LocalTime::parse);
    public static final ValueType<LocalDateTime> LOCAL_DATE_TIME = text("LocalDateTime", LocalDateTime::parse);
    public static final ValueType<Duration> DURATION = text("Duration", Duration::parse);
    public static final ValueType<Period> PERIOD = text("Period", Period::parse);
    public static final ValueType<ZoneId> ZONE_ID = text("ZoneId", ZoneId::getId, ZoneId::of);
    public static final ValueType<Year> YEAR = text("Year", Year::parse);
    public static final ValueType<YearMonth> YEAR_MONTH =
            text("YearMonth", YEAR_MONTH_FORMAT::format, text -> YearMonth.parse(text, YEAR_MONTH_FORMAT));

    /** What PostgreSQL's numeric holds before the point, and behind it. */
    private static final int MAX_DIGITS = 131_072;

    private static final int MAX_SCALE = 16_383;

    private Types() {}

    /** An enum, stored by the names of its constants, for example {@code enumOf("Plan", Plan.values())}. */
    public static <E extends Enum<E>> ValueType<E> enumOf(String name, E[] values) {
        Map<String, E> constants = new LinkedHashMap<>();
        for (E value : values) {
            constants.put(value.name(), value);
        }
        return new ValueType<>("enum " + name, List.copyOf(constants.keySet()), Enum::name, json -> {
            E constant = constants.get((String) json);
            if (constant == null) {
                throw new IllegalArgumentException("is no constant of " + name);
            }
            return constant;
        });
    }

    /** A record of exactly one component, stored as that component, for example a typed id. */
    public static <T, C> ValueType<T> wrapper(ValueType<C> component, Function<T, C> unwrap, Function<C, T> wrap) {
        return new ValueType<>(
                component.name(),
                component.constants(),
                value -> unwrapped(component, unwrap.apply(value)),
                json -> wrap.apply(component.fromJson().apply(json)));
    }

    /** A list, in its order. */
    public static <T> ValueType<List<T>> listOf(ValueType<T> element) {
        return new ValueType<>(
                "List<" + element.name() + ">",
                element.constants(),
                list -> elementsToJson(list, element),
                json -> Collections.unmodifiableList(readElements(json, element, new ArrayList<>())));
    }

    /** A set, in its iteration order. */
    public static <T> ValueType<Set<T>> setOf(ValueType<T> element) {
        return new ValueType<>(
                "Set<" + element.name() + ">",
                element.constants(),
                set -> elementsToJson(set, element),
                json -> Collections.unmodifiableSet(readElements(json, element, new LinkedHashSet<>())));
    }

    /** A map with text keys. */
    public static <T> ValueType<Map<String, T>> mapOf(ValueType<T> value) {
        return new ValueType<>(
                "Map<String," + value.name() + ">",
                value.constants(),
                map -> mapToJson(map, value),
                json -> readMap(json, value));
    }

    private static <T extends Number> ValueType<T> integer(String name, Function<Object, T> fromJson) {
        return new ValueType<>(name, value -> value, fromJson);
    }

    private static <T> ValueType<T> text(String name, Function<String, T> parse) {
        return text(name, Object::toString, parse);
    }

    private static <T> ValueType<T> text(String name, Function<T, String> format, Function<String, T> parse) {
        return new ValueType<>(name, value -> storable(format.apply(value)), json -> parse.apply((String) json));
    }

    /** Refuses what a jsonb column cannot hold, before it is anywhere near the database. */
    private static String storable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw new IllegalArgumentException(
                        "contains the character U+0000 at index " + i + ", which PostgreSQL cannot store");
            }
            if (Character.isSurrogate(c)) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(c, text.charAt(i + 1))) {
                    throw new IllegalArgumentException("contains half a surrogate pair at index " + i
                            + ", which is no Unicode character and cannot be stored");
                }
                i++;
            }
        }
        return text;
    }

    /** Refuses the few locales of old whose language tag stands for another one. */
    private static String languageTag(Locale locale) {
        String tag = locale.toLanguageTag();
        if (!Locale.forLanguageTag(tag).equals(locale)) {
            throw new IllegalArgumentException("has no language tag that stands for it, and cannot be stored");
        }
        return tag;
    }

    private static <C> Object unwrapped(ValueType<C> component, @Nullable C value) {
        if (value == null) {
            throw new IllegalArgumentException("wraps null");
        }
        return component.toJson().apply(value);
    }

    private static BigInteger storable(BigInteger number) {
        storable(new BigDecimal(number));
        return number;
    }

    /** Refuses what PostgreSQL's numeric cannot hold; it would take too small a number for zero without a word. */
    private static BigDecimal storable(BigDecimal number) {
        if (number.scale() > MAX_SCALE) {
            throw new IllegalArgumentException("has more than " + MAX_SCALE
                    + " digits behind the point, of which PostgreSQL cannot store the last");
        }
        if (number.signum() == 0) {
            return number.scale() < 0 ? BigDecimal.ZERO : number;
        }
        if ((long) number.precision() - number.scale() > MAX_DIGITS) {
            throw new IllegalArgumentException(
                    "has more than " + MAX_DIGITS + " digits before the point, which PostgreSQL cannot store");
        }
        return number;
    }

    private static BigDecimal decimal(Object json) {
        if (json instanceof BigDecimal decimal) {
            return decimal;
        }
        if (json instanceof Number number) {
            return new BigDecimal(number.toString());
        }
        throw new IllegalArgumentException("is not a number");
    }

    private static char character(Object json) {
        if (json instanceof String text && text.length() == 1) {
            return text.charAt(0);
        }
        throw new IllegalArgumentException("is not one character");
    }

    private static <T> List<Object> elementsToJson(Collection<T> elements, ValueType<T> type) {
        List<Object> json = new ArrayList<>(elements.size());
        for (T element : elements) {
            json.add(elementToJson(element, type));
        }
        return json;
    }

    private static <T> Map<String, Object> mapToJson(Map<String, T> map, ValueType<T> type) {
        Map<String, Object> json = new LinkedHashMap<>();
        map.forEach((key, value) -> json.put(storable(key), elementToJson(value, type)));
        return json;
    }

    private static <T> Object elementToJson(@Nullable T element, ValueType<T> type) {
        if (element == null) {
            throw new IllegalArgumentException("contains null, but elements are non-null");
        }
        return type.toJson().apply(element);
    }

    private static <T, C extends Collection<T>> C readElements(Object json, ValueType<T> type, C into) {
        for (Object element : (List<?>) json) {
            into.add(readElement(element, type));
        }
        return into;
    }

    private static <T> T readElement(@Nullable Object json, ValueType<T> type) {
        if (json == null) {
            throw new IllegalArgumentException("contains null, but elements are non-null");
        }
        return type.fromJson().apply(json);
    }

    private static <T> Map<String, T> readMap(Object json, ValueType<T> type) {
        Map<String, T> map = new LinkedHashMap<>();
        ((Map<?, ?>) json).forEach((key, value) -> map.put((String) key, readElement(value, type)));
        return Collections.unmodifiableMap(map);
    }
}
