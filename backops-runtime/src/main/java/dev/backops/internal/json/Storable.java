package dev.backops.internal.json;

import dev.backops.codegen.Types;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What users pass to us as texts and as JSON values, refused by its name where PostgreSQL cannot store it: the driver and the
 * server would blame a statement. Every method throws {@link IllegalArgumentException}.
 */
public final class Storable {

    /** Far beyond simple types, and far from the end of the stack, which a list within itself would reach. */
    private static final int MAX_DEPTH = 100;

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,199}");

    private Storable() {}

    /** A text. */
    public static String text(String name, String text) {
        Objects.requireNonNull(text, name);
        return named(name, () -> (String) Types.STRING.toJson().apply(text));
    }

    /** What the processor takes for the name of an operation or a queue. */
    public static String name(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    what + " \"" + name
                            + "\" must have 1 to 200 characters, letters from a to z, digits, _, - and ., and begin with a letter");
        }
        return name;
    }

    /** A JSON value, or null; what is returned does not change with it. */
    public static @Nullable Object value(String name, @Nullable Object value) {
        return value == null ? null : named(name, () -> tree(value, 1));
    }

    /** JSON values by name, which may be null. */
    public static Map<String, @Nullable Object> values(Map<String, ? extends @Nullable Object> values) {
        Map<String, @Nullable Object> storable = new LinkedHashMap<>();
        values.forEach(
                (name, value) -> storable.put(text("The name of a value", name), value('"' + name + '"', value)));
        return storable;
    }

    private static <T> T named(String name, Supplier<T> check) {
        try {
            return check.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " " + e.getMessage(), e);
        }
    }

    private static @Nullable Object tree(@Nullable Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("is nested more than " + MAX_DEPTH + " levels deep");
        }
        if (value == null
                || value instanceof Boolean
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Short
                || value instanceof Byte) {
            return value;
        }
        if (value instanceof String text) {
            return Types.STRING.toJson().apply(text);
        }
        if (value instanceof Double number) {
            return Types.DOUBLE.toJson().apply(number);
        }
        if (value instanceof Float number) {
            return Types.FLOAT.toJson().apply(number);
        }
        if (value instanceof Number number) {
            return Types.BIG_DECIMAL.toJson().apply(new BigDecimal(number.toString()));
        }
        if (value instanceof Collection<?> elements) {
            List<@Nullable Object> copy = new ArrayList<>();
            elements.forEach(element -> copy.add(tree(element, depth + 1)));
            return Collections.unmodifiableList(copy);
        }
        if (value instanceof Map<?, ?> members) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>();
            members.forEach((name, member) -> copy.put(memberName(name), tree(member, depth + 1)));
            return Collections.unmodifiableMap(copy);
        }
        throw new IllegalArgumentException("holds a " + value.getClass().getName()
                + ", which is no JSON value: give a text, a number, a boolean, or a list or map of those");
    }

    private static String memberName(@Nullable Object name) {
        if (name instanceof String text) {
            return (String) Types.STRING.toJson().apply(text);
        }
        throw new IllegalArgumentException("has a member whose name is no text");
    }
}
