package dev.backops.codegen;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A named, typed value of an operation: a param, or an output of a step. Immutable: each setting returns another field.
 *
 * @param name the name in the user's source, and the key in the stored JSON
 * @param type how the value is stored
 * @param nullable whether the value may be missing
 * @param formerNames names under which the value was stored before
 * @param orElse the JSON tree that serves where a row was stored before the param existed, or null
 * @param isIndexed whether lookups by it are to be fast
 * @param privacy who may see the value, and for how long it is stored
 * @param <T> the Java type, boxed where it is primitive
 */
public record Field<T>(
        String name,
        ValueType<T> type,
        boolean nullable,
        List<String> formerNames,
        @Nullable Object orElse,
        boolean isIndexed,
        Privacy privacy) {

    /** Who may see a value, and for how long it is stored. */
    public enum Privacy {
        OPEN,
        /** Kept out of logs, messages and views. */
        SENSITIVE,
        /** The same, and removed when the operation ends. */
        ERASED_AT_END
    }

    public Field {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        formerNames = List.copyOf(formerNames);
        Objects.requireNonNull(privacy, "privacy");
    }

    /** A value that is always there. */
    public static <T> Field<T> required(String name, ValueType<T> type) {
        return new Field<>(name, type, false, List.of(), null, false, Privacy.OPEN);
    }

    /** A value that may be missing: a param, or the result of a step, declared nullable. */
    public static <T> Field<T> nullable(String name, ValueType<T> type) {
        return new Field<>(name, type, true, List.of(), null, false, Privacy.OPEN);
    }

    /** What a stored object has for this field: the tree under its name or a former one, else the default; null if none. */
    public @Nullable Object in(Map<String, Object> json) {
        Object stored = json.get(name);
        for (int i = 0; stored == null && i < formerNames.size(); i++) {
            stored = json.get(formerNames.get(i));
        }
        return stored == null ? orElse : stored;
    }

    /** Names under which the value was stored before. */
    public Field<T> formerly(String... names) {
        return new Field<>(name, type, nullable, List.of(names), orElse, isIndexed, privacy);
    }

    /**
     * The value of rows that were stored before the param existed.
     *
     * @param json what the type reads, for example a number for an int and a text for a date
     * @throws IllegalArgumentException if the type cannot read it
     */
    public Field<T> orElse(Object json) {
        try {
            T unused = type.fromJson().apply(json);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("The default of \"" + name + "\" is not a " + type.name(), e);
        }
        return new Field<>(name, type, nullable, formerNames, json, isIndexed, privacy);
    }

    /** A value by which lookups are fast. */
    public Field<T> indexed() {
        return new Field<>(name, type, nullable, formerNames, orElse, true, privacy);
    }

    /** A value that is kept out of logs, messages and views. */
    public Field<T> sensitive() {
        return new Field<>(name, type, nullable, formerNames, orElse, isIndexed, Privacy.SENSITIVE);
    }

    /** The same, and it is removed from the table when the operation ends. */
    public Field<T> erasedAtEnd() {
        return new Field<>(name, type, nullable, formerNames, orElse, isIndexed, Privacy.ERASED_AT_END);
    }
}
