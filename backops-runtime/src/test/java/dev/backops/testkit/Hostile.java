package dev.backops.testkit;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random texts and values of the kind that programs break of; the same ones for the same seed. */
public final class Hostile {

    private static final List<String> KNOWN = List.of(
            "",
            " ",
            "\0",
            "a\0b",
            "\ud83d",
            "\ude00\ud83d",
            "a\udc00b",
            "\uffff",
            "\ufeff\u202e\u2028",
            "😀",
            "ﷺ İ ß ﬁ e\u0301",
            "\r\n\t\b\f\u001b[31m",
            "'",
            "''",
            "\"",
            "\\",
            "\\u0000",
            "' OR '1' = '1",
            "'; DELETE FROM backops.operation; --",
            "x'); UPDATE backops.work SET state = 'paused'; COMMIT; --",
            "$1 ? ?? :id ::jsonb ${schema} @> {{}} #{x}",
            "$$; DROP SCHEMA backops CASCADE; $$",
            "/* -- */",
            "%s%n%%_%",
            "{",
            "}",
            "[]",
            "null",
            "{\"@class\": \"java.lang.ProcessBuilder\", \"command\": [\"true\"]}",
            "\", \"number\": 1, \"x\": \"",
            "NaN",
            "-Infinity",
            "1e999999",
            "P999999999999D",
            "main",
            "end",
            "work",
            "***",
            "(none)",
            "infinity",
            "../../etc/passwd",
            "<script>alert(1)</script>");

    private static final int HUGE = 100_000;

    private final Random random;

    public Hostile(long seed) {
        this.random = new Random(seed);
    }

    public Random random() {
        return random;
    }

    /** One of some. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public final <T> T one(T... some) {
        return some[random.nextInt(some.length)];
    }

    /** Any text. */
    public String text() {
        return switch (random.nextInt(8)) {
            case 0, 1, 2, 3 -> KNOWN.get(random.nextInt(KNOWN.size()));
            case 4 -> KNOWN.get(random.nextInt(KNOWN.size())) + KNOWN.get(random.nextInt(KNOWN.size()));
            case 5 -> codePoints(random.nextInt(50));
            case 6 -> characters(random.nextInt(50));
            default -> huge();
        };
    }

    /** A text that PostgreSQL can store. */
    public String storableText() {
        String text = text();
        while (!isStorable(text)) {
            text = text();
        }
        return text;
    }

    /** Of characters that do not compress, now and then: what an index holds is measured behind that. */
    private String huge() {
        int length = 1 + random.nextInt(HUGE);
        return random.nextBoolean() ? "x".repeat(length) : codePoints(length / 4);
    }

    /** All of Unicode, whether assigned or not. */
    private String codePoints(int count) {
        StringBuilder text = new StringBuilder();
        while (text.codePointCount(0, text.length()) < count) {
            int point = 1 + random.nextInt(Character.MAX_CODE_POINT);
            if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
                text.appendCodePoint(point);
            }
        }
        return text.toString();
    }

    /** Whatever fits into a char, half pairs and zeros among them. */
    private String characters(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append((char) random.nextInt(Character.MAX_VALUE + 1));
        }
        return text.toString();
    }

    /** Anything that fits where a JSON value is asked for: values that are ones, and others that are not. */
    public @Nullable Object value() {
        return switch (random.nextInt(12)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2, 3, 4 -> text();
            case 5 -> number();
            case 6 -> Arrays.asList(text(), number(), null);
            case 7 -> Map.of(text(), one(text(), number()));
            case 8 -> Map.of(1, 1);
            case 9 -> deep(one(3, 100, 5_000));
            case 10 -> inItself();
            default ->
                one(
                        new Object(),
                        Optional.of(1),
                        new Thread[0],
                        new byte[] {1},
                        new Bean(),
                        'c',
                        Thread.currentThread());
        };
    }

    /** A number at some edge. */
    public Number number() {
        return one(
                0,
                -1,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                -0.0,
                Double.MIN_VALUE,
                Float.NaN,
                BigInteger.TEN.pow(200),
                new BigDecimal("0.1000"),
                new BigDecimal("1E+131072"),
                new BigDecimal("1E-16384"),
                new BigDecimal("1E+2000000000"));
    }

    private Object deep(int levels) {
        Object value = text();
        for (int i = 0; i < levels; i++) {
            value = i % 2 == 0 ? List.of(value) : Map.of("a", value);
        }
        return value;
    }

    private static Object inItself() {
        List<Object> list = new ArrayList<>();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("list", list);
        list.add(map);
        return list;
    }

    /** Whether PostgreSQL has a text of these characters. */
    public static boolean isStorable(String text) {
        return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** What libraries would take for an object with a secret. */
    public static final class Bean {

        public String getSecret() {
            return "secret of a bean";
        }
    }
}
