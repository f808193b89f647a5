package dev.backops.internal.json;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes and reads the JSON of params, outputs and definitions. No types are named in it, so none can be smuggled in. */
public final class Json {

    private static final TypeReference<LinkedHashMap<String, Object>> OBJECT = new TypeReference<>() {};

    private static final TypeReference<List<Map<String, Object>>> OBJECTS = new TypeReference<>() {};

    // However long numbers, texts and names are: what was stored by an enqueue must be readable by its steps.
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNumberLength(Integer.MAX_VALUE)
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNameLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Json() {}

    /** The text of an object. */
    public static String write(Map<String, ?> object) {
        return MAPPER.writeValueAsString(object);
    }

    /** The text of an array of objects. */
    public static String write(Collection<? extends Map<String, ?>> objects) {
        return MAPPER.writeValueAsString(objects);
    }

    /** The text of any value. */
    public static String writeValue(@Nullable Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** The text of a value, the same for all equal ones: members by name, without nulls, numbers without trailing zeros. */
    public static String canonical(@Nullable Object value) {
        return MAPPER.writeValueAsString(canonicalTree(value));
    }

    private static @Nullable Object canonicalTree(@Nullable Object value) {
        if (value instanceof Number number) {
            return new BigDecimal(number.toString()).stripTrailingZeros();
        }
        if (value instanceof Collection<?> elements) {
            return elements.stream().map(Json::canonicalTree).toList();
        }
        if (value instanceof Map<?, ?> members) {
            Map<String, @Nullable Object> sorted = new TreeMap<>();
            members.forEach((name, member) -> {
                if (member != null) {
                    sorted.put(String.valueOf(name), canonicalTree(member));
                }
            });
            return sorted;
        }
        return value;
    }

    /**
     * The object in a text.
     *
     * @throws IllegalArgumentException if it is not a JSON object; the message holds nothing of the text
     */
    public static Map<String, Object> readObject(String text) {
        return read(text, OBJECT);
    }

    /** The objects in a text that holds an array of them. */
    public static List<Map<String, Object>> readObjects(String text) {
        return read(text, OBJECTS);
    }

    private static <T> T read(String text, TypeReference<T> type) {
        T value;
        try {
            value = MAPPER.readValue(text, type);
        } catch (JacksonException e) {
            // Without the cause, whose message quotes the text.
            throw new IllegalArgumentException("The stored JSON is not " + type.getType());
        }
        if (value == null) {
            throw new IllegalArgumentException("The stored JSON is null");
        }
        return value;
    }
}
