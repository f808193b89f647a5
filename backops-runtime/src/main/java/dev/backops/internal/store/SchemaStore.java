package dev.backops.internal.store;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Statements on what is installed, which may be nothing yet. */
public final class SchemaStore {

    private static final String EXISTS = """
            SELECT to_regclass('${schema}.installation') IS NOT NULL
              AND to_regclass('${schema}.schema_history') IS NOT NULL
            """;

    /* A version that the history knows and the installation does not was never meant to be read by an older BackOps. */
    private static final String INSTALLED = """
            SELECT newest.version, CASE WHEN i.version = newest.version THEN i.readable_by ELSE newest.version END AS readable_by
            FROM ${schema}.installation i,
              (SELECT max(version::int) AS version FROM ${schema}.schema_history WHERE success) AS newest
            WHERE newest.version IS NOT NULL
            """;

    /* Until the commit, also that of a process that died behind it: the server may still be about to do it. */
    private static final String LOCK = """
            SELECT pg_advisory_xact_lock(hashtextextended('backops ${schema}', 0))
            """;

    private static final String IS_INSTALLED = """
            SELECT to_regclass('${schema}.installation') IS NOT NULL
            """;

    private static final String IS_APPLIED = """
            SELECT applied >= :version FROM ${schema}.installation
            """;

    private static final String APPLIED = """
            UPDATE ${schema}.installation SET applied = :version WHERE applied = :version - 1
            """;

    private static final String ROLE = """
            SELECT quote_ident(current_user)
            """;

    /* A null where there is no such schema. */
    private static final String RIGHTS = """
            SELECT quote_ident('${schema}') <> '${schema}' AS reserved,
              current_setting('transaction_read_only') = 'on' AS read_only,
              has_database_privilege(current_database(), 'CREATE') AS creates_schemas,
              (SELECT has_schema_privilege(oid, 'USAGE') AND has_schema_privilege(oid, 'CREATE')
                FROM pg_namespace WHERE nspname = '${schema}') AS creates_tables
            """;

    private final Schema schema;
    private final String exists;
    private final String installed;
    private final String rights;

    public SchemaStore(Schema schema) {
        this.schema = schema;
        exists = schema.in(EXISTS);
        installed = schema.in(INSTALLED);
        rights = schema.in(RIGHTS);
    }

    /** What is installed, if anything is. */
    public Optional<Installed> installed(Handle handle) {
        if (!handle.createQuery(exists).mapTo(Boolean.class).one()) {
            return Optional.empty();
        }
        return handle.createQuery(installed)
                .map((row, context) -> new Installed(row.getInt("version"), row.getInt("readable_by")))
                .findOne();
    }

    /**
     * Runs the script of a version, unless it is applied; in the transaction of the connection.
     *
     * @throws SQLException if the database refuses the script
     */
    public void applyOnce(Handle handle, int version, String script) throws SQLException {
        handle.execute(schema.in(LOCK));
        if (isApplied(handle, version)) {
            return;
        }
        // Not by Jdbi, which would look for parameters in it.
        try (Statement statement = handle.getConnection().createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(schema.in(script));
        }
        int noted =
                handle.createUpdate(schema.in(APPLIED)).bind("version", version).execute();
        if (noted != 1) {
            throw new IllegalStateException("Migration " + version + " does not follow the one that was applied last");
        }
    }

    private boolean isApplied(Handle handle, int version) {
        return handle.createQuery(schema.in(IS_INSTALLED)).mapTo(Boolean.class).one()
                && handle.createQuery(schema.in(IS_APPLIED))
                        .bind("version", version)
                        .mapTo(Boolean.class)
                        .one();
    }

    /** What the role of the connection may do. */
    public Rights rights(Handle handle) {
        return handle.createQuery(rights)
                .map((row, context) -> new Rights(
                        row.getBoolean("reserved"),
                        row.getBoolean("read_only"),
                        row.getBoolean("creates_schemas"),
                        row.getObject("creates_tables", Boolean.class)))
                .one();
    }

    /** The role of the connection, in quotes where it needs them. */
    public String role(Handle handle) {
        return handle.createQuery(ROLE).mapTo(String.class).one();
    }

    /**
     * An installation.
     *
     * @param version the newest migration that ran
     * @param readableBy the oldest version of the code that can work with it
     */
    public record Installed(int version, int readableBy) {}

    /**
     * What stands against creating the tables, or not.
     *
     * @param reserved whether the schema's name is a word of SQL's own
     * @param readOnly whether transactions may not write
     * @param createsSchemas whether the role may create schemas
     * @param createsTables whether the role may create tables in the schema; null if there is none
     */
    public record Rights(
            boolean reserved,
            boolean readOnly,
            boolean createsSchemas,
            @Nullable Boolean createsTables) {}
}
