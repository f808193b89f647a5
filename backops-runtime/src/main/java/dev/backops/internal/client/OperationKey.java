package dev.backops.internal.client;

import dev.backops.annotation.Dedupe;
import dev.backops.codegen.Field;
import dev.backops.codegen.Field.Privacy;
import dev.backops.codegen.OperationDefinition;
import dev.backops.internal.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The key that an operation has by its params, and whether two operations have the same ones. */
final class OperationKey {

    /** What fits into an index, whatever the characters. */
    static final int MAX_LENGTH = 500;

    private OperationKey() {}

    /**
     * The key of an enqueue that gives none, or null if the operation has no key. A key from params is the JSON array of
     * their values, and so never the same for others; a hash where that is too long or not for everybody's eyes.
     *
     * @throws IllegalArgumentException if the key names what is no param
     */
    static @Nullable String of(OperationDefinition definition, Map<String, Object> json) {
        if (definition.dedupe() == Dedupe.SAME_PARAMS) {
            return hash(Json.canonical(comparable(definition, json, field -> true)));
        }
        if (definition.key().isEmpty()) {
            return null;
        }
        List<@Nullable Object> values = new ArrayList<>();
        boolean secret = false;
        for (String name : definition.key()) {
            Field<?> field = param(definition, name);
            values.add(comparable(field, json));
            secret |= field.privacy() != Privacy.OPEN;
        }
        String text = Json.canonical(values);
        return secret || text.length() > MAX_LENGTH ? hash(text) : text;
    }

    /** Whether two enqueues mean the same, as far as it is still known: a value may have been erased. */
    static boolean sameParams(OperationDefinition definition, String stored, String added) {
        Predicate<Field<?>> kept = field -> field.privacy() != Privacy.ERASED_AT_END;
        return Json.canonical(comparable(definition, Json.readObject(stored), kept))
                .equals(Json.canonical(comparable(definition, Json.readObject(added), kept)));
    }

    /** What counts of params: their values of today, whatever the names and the order of elements they were stored with. */
    private static Map<String, @Nullable Object> comparable(
            OperationDefinition definition, Map<String, Object> json, Predicate<Field<?>> which) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        definition.params().stream().filter(which).forEach(field -> values.put(field.name(), comparable(field, json)));
        return values;
    }

    private static @Nullable Object comparable(Field<?> field, Map<String, Object> json) {
        Object value = field.in(json);
        if (value instanceof Collection<?> elements && field.type().name().startsWith("Set<")) {
            return elements.stream()
                    .sorted(Comparator.comparing(Json::canonical))
                    .toList();
        }
        return value;
    }

    private static Field<?> param(OperationDefinition definition, String name) {
        return definition.params().stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("The key names \"" + name + "\", which is not a param"));
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
