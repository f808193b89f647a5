package dev.backops.internal.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;

/** Statements on {@code definition} and {@code installation}. Definitions are only ever added. */
public final class DefinitionStore {

    private static final String ADD = """
            INSERT INTO ${schema}.definition (name, fingerprint, params, steps, planned)
            VALUES (:name, :fingerprint, :params::jsonb, :steps::jsonb, :planned)
            ON CONFLICT (name, fingerprint) DO NOTHING
            """;

    /* Only ever more: a process with the code of before must not show what that of today hides. */
    private static final String HIDE = """
            UPDATE ${schema}.definition
            SET sensitive = ARRAY(SELECT unnest(sensitive) UNION SELECT unnest(CAST(:sensitive AS text[]))),
              erased = ARRAY(SELECT unnest(erased) UNION SELECT unnest(CAST(:erased AS text[])))
            WHERE name = ANY(:names) AND NOT (
              sensitive @> CAST(:sensitive AS text[]) AND erased @> CAST(:erased AS text[]))
            """;

    /* Only ever more: what code of before can read need not be refused. */
    private static final String ADD_CONSTANTS = """
            UPDATE ${schema}.definition d
            SET constants = d.constants || (
              SELECT jsonb_object_agg(output.key, (
                SELECT jsonb_agg(DISTINCT constant) FROM (
                  SELECT jsonb_array_elements(output.value) UNION SELECT jsonb_array_elements(d.constants -> output.key)) AS c(constant)))
              FROM jsonb_each(CAST(:constants AS jsonb)) AS output)
            WHERE d.name = ANY(:names) AND NOT d.constants @> CAST(:constants AS jsonb)
            """;

    private static final String FIND_ID = """
            SELECT id FROM ${schema}.definition WHERE name = :name AND fingerprint = :fingerprint
            """;

    private static final String FIND_BY_NAMES = """
            SELECT id, name, params, steps FROM ${schema}.definition WHERE name = ANY(:names) ORDER BY id
            """;

    private static final String FIND_BY_OPERATIONS = """
            SELECT d.id, d.name, d.params, d.steps, used.operations
            FROM (
                SELECT definition, array_agg(id) AS operations FROM ${schema}.operation WHERE id = ANY(:operations)
                GROUP BY definition) AS used
              JOIN ${schema}.definition d ON d.id = used.definition
            """;

    private static final String INSTALLATION = """
            SELECT id FROM ${schema}.installation
            """;

    private final String add;
    private final String hide;
    private final String addConstants;
    private final String findId;
    private final String findByNames;
    private final String findByOperations;
    private final String installation;

    public DefinitionStore(Schema schema) {
        add = schema.in(ADD);
        hide = schema.in(HIDE);
        addConstants = schema.in(ADD_CONSTANTS);
        findId = schema.in(FIND_ID);
        findByNames = schema.in(FIND_BY_NAMES);
        findByOperations = schema.in(FIND_BY_OPERATIONS);
        installation = schema.in(INSTALLATION);
    }

    /** Adds a definition unless it is there; returns how many were added. */
    public int add(Handle handle, String name, String fingerprint, String params, String steps, int planned) {
        return handle.createUpdate(add)
                .bind("name", name)
                .bind("fingerprint", fingerprint)
                .bind("params", params)
                .bind("steps", steps)
                .bind("planned", planned)
                .execute();
    }

    /** Hides values of all operations of some names, and removes some of them with the end of each. */
    public int hide(Handle handle, Collection<String> names, Collection<String> sensitive, Collection<String> erased) {
        return handle.createUpdate(hide)
                .bindArray("names", String.class, names)
                .bindArray("sensitive", String.class, sensitive)
                .bindArray("erased", String.class, erased)
                .execute();
    }

    /** Adds constants that outputs of all operations of some names may have: JSON, arrays by the name of the output. */
    public int addConstants(Handle handle, Collection<String> names, String constants) {
        return handle.createUpdate(addConstants)
                .bindArray("names", String.class, names)
                .bind("constants", constants)
                .execute();
    }

    /** The id of a definition, if it is stored. */
    public Optional<Integer> findId(Handle handle, String name, String fingerprint) {
        return handle.createQuery(findId)
                .bind("name", name)
                .bind("fingerprint", fingerprint)
                .mapTo(Integer.class)
                .findOne();
    }

    /** All stored definitions of some names. */
    public List<DefinitionRow> findByNames(Handle handle, Collection<String> names) {
        Query query = handle.createQuery(findByNames).bindArray("names", String.class, names);
        return query.map(DefinitionStore::definitionRow).list();
    }

    /** The definitions that operations were enqueued with, and which of the operations each. */
    public Map<DefinitionRow, List<Long>> findByOperations(Handle handle, Collection<Long> operations) {
        return handle.createQuery(findByOperations)
                .bindArray("operations", Long.class, operations)
                .map((row, context) -> Map.entry(definitionRow(row, context), List.of((Long[])
                        row.getArray("operations").getArray())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static DefinitionRow definitionRow(ResultSet row, StatementContext context) throws SQLException {
        return new DefinitionRow(
                row.getInt("id"), row.getString("name"), row.getString("params"), row.getString("steps"));
    }

    /** The random id of this installation. */
    public String installation(Handle handle) {
        return handle.createQuery(installation).mapTo(String.class).one();
    }

    /** A stored definition; params and steps are JSON. */
    public record DefinitionRow(int id, String name, String params, String steps) {}
}
