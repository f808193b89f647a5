package dev.backops.internal.store;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

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

    private static final String ROLE = """
            SELECT current_user
            """;

    private final String exists;
    private final String installed;

    public SchemaStore(Schema schema) {
        exists = schema.in(EXISTS);
        installed = schema.in(INSTALLED);
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

    /** The role of the connection. */
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
}
