package dev.backops.codegen;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * How a simple type becomes JSON and back. JSON is a tree of {@code String}, {@code Boolean}, {@code Number}, {@code
 * List} and {@code Map<String, …>}; which library writes it is no concern of generated code.
 *
 * @param name what the definition stores as the type; part of the fingerprint
 * @param constants the constants of an enum, also of one in a collection; empty for other types. Stored beside the
 *     definition, so that repairs in SQL know them
 * @param toJson from a non-null value to its tree; throws {@link IllegalArgumentException} for what cannot be stored
 * @param fromJson from a non-null tree to the value; throws a {@link RuntimeException} for what is not one
 * @param <T> the Java type
 */
public record ValueType<T>(
        String name, List<String> constants, Function<T, Object> toJson, Function<Object, T> fromJson) {

    public ValueType {
        Objects.requireNonNull(name, "name");
        constants = List.copyOf(constants);
        Objects.requireNonNull(toJson, "toJson");
        Objects.requireNonNull(fromJson, "fromJson");
    }

    /** A type without constants. */
    public ValueType(String name, Function<T, Object> toJson, Function<Object, T> fromJson) {
        this(name, List.of(), toJson, fromJson);
    }
}
