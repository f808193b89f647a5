package dev.backops.processor;

import com.palantir.javapoet.CodeBlock;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
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
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Reads the defaults of params as the runtime will: the text of a simple type into a JSON tree. */
final class Defaults {

    private static final Map<String, Reader> SCALARS = Map.ofEntries(
            Map.entry("BOOLEAN", new Reader(Defaults::bool, "Write \"true\" or \"false\".")),
            Map.entry(
                    "BYTE", new Reader(text -> literal(Byte.valueOf(text)), "Write a whole number from -128 to 127.")),
            Map.entry(
                    "SHORT",
                    new Reader(text -> literal(Short.valueOf(text)), "Write a whole number from -32768 to 32767.")),
            Map.entry(
                    "INT",
                    new Reader(
                            text -> literal(Integer.valueOf(text)),
                            "Write a whole number from -2147483648 to 2147483647.")),
            Map.entry(
                    "LONG",
                    new Reader(text -> CodeBlock.of("$LL", Long.valueOf(text)), "Write a whole number of 64 bits.")),
            Map.entry(
                    "BIG_INTEGER",
                    new Reader(
                            text -> CodeBlock.of("new $T($S)", BigInteger.class, new BigInteger(text)),
                            "Write a whole number.")),
            Map.entry(
                    "BIG_DECIMAL",
                    new Reader(text -> decimal(new BigDecimal(text)), "Write a number such as \"9.95\".")),
            Map.entry(
                    "FLOAT",
                    new Reader(text -> finite(text, BigDecimal::floatValue), "Write a number such as \"0.5\".")),
            Map.entry(
                    "DOUBLE",
                    new Reader(text -> finite(text, BigDecimal::doubleValue), "Write a number such as \"0.5\".")),
            Map.entry("CHAR", new Reader(Defaults::character, "Write one character.")),
            Map.entry("STRING", new Reader(Defaults::storable, "PostgreSQL stores no U+0000 and no half characters.")),
            Map.entry("UUID", text(Defaults::uuid, "123e4567-e89b-12d3-a456-426614174000")),
            Map.entry("URI", text(URI::create, "https://example.org/")),
            Map.entry("CURRENCY", text(Currency::getInstance, "EUR")),
            Map.entry("LOCALE", text(text -> new Locale.Builder().setLanguageTag(text), "en-GB")),
            Map.entry("INSTANT", text(Instant::parse, "2026-01-31T12:00:00Z")),
            Map.entry("OFFSET_DATE_TIME", text(OffsetDateTime::parse, "2026-01-31T12:00:00+01:00")),
            Map.entry("ZONED_DATE_TIME", text(ZonedDateTime::parse, "2026-01-31T12:00:00+01:00[Europe/Berlin]")),
            Map.entry("LOCAL_DATE", text(LocalDate::parse, "2026-01-31")),
            Map.entry("LOCAL_TIME", text(LocalTime::parse, "12:00:00")),
            Map.entry("LOCAL_DATE_TIME", text(LocalDateTime::parse, "2026-01-31T12:00:00")),
            Map.entry("DURATION", text(Duration::parse, "PT24H")),
            Map.entry("PERIOD", text(Period::parse, "P1M")),
            Map.entry("ZONE_ID", text(ZoneId::of, "Europe/Berlin")),
            Map.entry("YEAR", text(Year::parse, "2026")),
            Map.entry("YEAR_MONTH", text(YearMonth::parse, "2026-01")));

    private Defaults() {}

    /** An expression that is the JSON tree; empty where the text stands for no value of that kind. */
    static Optional<CodeBlock> read(Shape.Kind kind, String text) {
        if (kind instanceof Shape.Kind.Scalar scalar) {
            try {
                return Optional.of(reader(scalar).read().apply(text));
            } catch (RuntimeException e) {
                // Each type says in its own way that this is none of its values.
                return Optional.empty();
            }
        }
        if (kind instanceof Shape.Kind.Constants constants) {
            return constants.names().contains(text) ? Optional.of(CodeBlock.of("$S", text)) : Optional.empty();
        }
        return text.equals(empty(kind))
                ? Optional.of(CodeBlock.of("$T.of()", isMap(kind) ? Map.class : List.class))
                : Optional.empty();
    }

    /** What may be written instead of a text that stands for no value of that kind. */
    static String advice(Shape.Kind kind, String text) {
        if (kind instanceof Shape.Kind.Scalar scalar) {
            return reader(scalar).advice();
        }
        if (kind instanceof Shape.Kind.Constants constants) {
            return NearestName.of(text, constants.names())
                            .map(name -> "Did you mean \"" + name + "\"? ")
                            .orElse("")
                    + "Its constants: " + String.join(", ", constants.names());
        }
        return "A collection can only be empty by default: \"" + empty(kind) + "\"";
    }

    private static String empty(Shape.Kind kind) {
        return isMap(kind) ? "{}" : "[]";
    }

    private static boolean isMap(Shape.Kind kind) {
        return kind instanceof Shape.Kind.Collection collection && collection.isMap();
    }

    private static Reader reader(Shape.Kind.Scalar scalar) {
        return Objects.requireNonNull(SCALARS.get(scalar.constant()), scalar.constant());
    }

    private static Reader text(Function<String, Object> parse, String example) {
        return new Reader(
                text -> {
                    Object unused = parse.apply(text);
                    return CodeBlock.of("$S", text);
                },
                "Write for example \"" + example + "\".");
    }

    private static CodeBlock literal(Object value) {
        return CodeBlock.of("$L", value);
    }

    private static CodeBlock decimal(BigDecimal value) {
        return CodeBlock.of("new $T($S)", BigDecimal.class, value);
    }

    private static CodeBlock bool(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException(text);
        }
        return literal(text);
    }

    private static CodeBlock finite(String text, Function<BigDecimal, Number> round) {
        BigDecimal value = new BigDecimal(text);
        if (!Double.isFinite(round.apply(value).doubleValue())) {
            throw new IllegalArgumentException(text);
        }
        return decimal(value);
    }

    private static CodeBlock character(String text) {
        if (text.length() != 1) {
            throw new IllegalArgumentException(text);
        }
        return storable(text);
    }

    private static CodeBlock storable(String text) {
        if (text.indexOf(0) >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(text);
        }
        return CodeBlock.of("$S", text);
    }

    /** Stricter than {@link UUID#fromString}, which fills up what is missing. */
    private static UUID uuid(String text) {
        UUID uuid = UUID.fromString(text);
        if (!uuid.toString().equalsIgnoreCase(text)) {
            throw new IllegalArgumentException(text);
        }
        return uuid;
    }

    /** How the text of a type becomes an expression, and what to write where it does not. */
    private record Reader(Function<String, CodeBlock> read, String advice) {}
}
