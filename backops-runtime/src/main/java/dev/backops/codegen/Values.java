package dev.backops.codegen;

import dev.backops.StoredValueException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Params and outputs of an operation by name, as the JSON tree that is stored: immutable, safe for every thread.
 *
 * <p>A missing value and a null are the same thing; nulls are never stored.
 */
public final class Values {

    private static final Values NONE = new Values(Map.of());

    private final Map<String, Object> json;

    private Values(Map<String, Object> json) {
        this.json = json;
    }

    /** No values: what a step without an output returns. */
    public static Values none() {
        return NONE;
    }

    /** The values in a tree read from the database; the map is not copied and must not change any more. */
    public static Values ofJson(Map<String, Object> json) {
        return new Values(json);
    }

    /**
     * One value.
     *
     * @throws IllegalArgumentException if it is null and the field is not nullable, or if it cannot be stored; the
     *     message names the field and holds nothing of the value
     */
    public static <T> Values of(Field<T> field, @Nullable T value) {
        return NONE.and(field, value);
    }

    /** These and one more value; the same rules as for {@link #of}. */
    public <T> Values and(Field<T> field, @Nullable T value) {
        Map<String, Object> more = new LinkedHashMap<>(json);
        if (value != null) {
            more.put(field.name(), write(field, value));
        } else if (field.nullable()) {
            more.remove(field.name());
        } else {
            throw new IllegalArgumentException("\"" + field.name() + "\" is null, but is not declared @Nullable");
        }
        return new Values(more);
    }

    /**
     * The value of a field that must be there.
     *
     * @throws StoredValueException if it is missing or not of the field's type
     */
    public <T> T get(Field<T> field) {
        T value = orNull(field);
        if (value == null) {
            throw new StoredValueException("\"" + field.name() + "\" is not set, but is needed here");
        }
        return value;
    }

    /** The value of a field, or null if it is missing. */
    public <T> @Nullable T orNull(Field<T> field) {
        Object stored = field.in(json);
        if (stored == null) {
            return null;
        }
        try {
            return field.type().fromJson().apply(stored);
        } catch (RuntimeException e) {
            // Without the cause: parsers quote the text, and a message must not hold the value.
            throw new StoredValueException("The stored value of \"" + field.name() + "\" is not a "
                    + field.type().name() + " (" + e.getClass().getName() + ")");
        }
    }

    /** The value of a field, or empty if it is missing. */
    public <T> Optional<T> find(Field<T> field) {
        return Optional.ofNullable(orNull(field));
    }

    /** The tree to be stored; unmodifiable. */
    public Map<String, Object> json() {
        return Collections.unmodifiableMap(json);
    }

    private static <T> Object write(Field<T> field, T value) {
        try {
            return field.type().toJson().apply(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + field.name() + "\" " + e.getMessage(), e);
        }
    }
}
