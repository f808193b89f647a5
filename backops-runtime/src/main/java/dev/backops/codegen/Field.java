package dev.backops.codegen;

import java.util.Objects;

/**
 * A named, typed value of an operation: a param, or an output of a step.
 *
 * @param name the name in the user's source, and the key in the stored JSON
 * @param type how the value is stored
 * @param nullable whether the value may be missing
 * @param <T> the Java type, boxed where it is primitive
 */
public record Field<T>(String name, ValueType<T> type, boolean nullable) {

    public Field {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
    }

    /** A value that is always there. */
    public static <T> Field<T> required(String name, ValueType<T> type) {
        return new Field<>(name, type, false);
    }

    /** A value that may be missing: a param, or the result of a step, declared nullable. */
    public static <T> Field<T> nullable(String name, ValueType<T> type) {
        return new Field<>(name, type, true);
    }
}
