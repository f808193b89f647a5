package dev.backops.internal.store;

import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An index by which operations of some names are found by a param.
 *
 * @param names the name of the operation and those it had before, sorted
 * @param param the name of the param, present or former
 */
public record ParamIndex(List<String> names, String param) {

    /**
     * The longest value that is indexed, as text in UTF-8: an entry must fit on a third of a page, or the enqueue fails. A
     * list takes up to six times the room of its text.
     */
    public static final int MAX_BYTES = 200;

    /** Room for the hash within the 63 characters of a name. */
    private static final int MAX_READABLE = 40;

    public ParamIndex {
        names = names.stream().sorted().toList();
    }

    /** The indexes that the params of a definition ask for. */
    public static List<ParamIndex> of(OperationDefinition definition) {
        List<String> names = Stream.concat(Stream.of(definition.name()), definition.formerNames().stream())
                .distinct()
                .toList();
        return definition.params().stream()
                .filter(Field::isIndexed)
                // Under a former name as well: what was stored under it stays so.
                .flatMap(param -> Stream.concat(Stream.of(param.name()), param.formerNames().stream()))
                .map(param -> new ParamIndex(names, param))
                .toList();
    }

    /** A name that says what it is of, and that no other one has. */
    public String indexName() {
        String readable = (names.get(0) + "_" + param).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_");
        // Of the content, like a hash.
        String unique = UUID.nameUUIDFromBytes((names + " " + param).getBytes(StandardCharsets.UTF_8))
                .toString()
                .substring(0, 8);
        return "by_" + readable.substring(0, Math.min(MAX_READABLE, readable.length())) + "_" + unique;
    }

    /** Whether a value, as JSON text, is in the index. */
    public static boolean holds(String json) {
        return json.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
    }

    /** The statement that creates it in a schema. */
    public String statement(String schema) {
        return "CREATE INDEX CONCURRENTLY IF NOT EXISTS " + indexName() + " ON " + schema + ".operation ((params -> "
                + literal(param) + "), created_at, id) WHERE name IN (" + literals(names)
                + ") AND octet_length(params ->> "
                + literal(param) + ") <= " + MAX_BYTES;
    }

    private static String literals(Collection<String> texts) {
        return texts.stream().map(ParamIndex::literal).collect(Collectors.joining(", "));
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
