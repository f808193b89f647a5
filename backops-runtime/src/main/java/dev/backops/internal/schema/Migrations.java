package dev.backops.internal.schema;

import dev.backops.SchemaException;
import dev.backops.internal.store.Database;
import dev.backops.internal.store.Schema;
import dev.backops.internal.store.SchemaStore;
import dev.backops.internal.store.SchemaStore.Installed;
import dev.backops.internal.store.SqlStates;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings a schema to the version of this code, or says why it cannot. */
public final class Migrations {

    /** The newest migration. */
    public static final int VERSION = 5;

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final String schema;
    private final Database database;
    private final DataSource dataSource;
    private final SchemaStore store;

    public Migrations(String schema, DataSource dataSource) {
        this.schema = schema;
        this.dataSource = dataSource;
        this.database = new Database(dataSource);
        this.store = new SchemaStore(new Schema(schema));
    }

    /** Creates or upgrades the tables; one look at the database where they are current. */
    public void migrate() {
        Optional<Installed> installed = database.with(store::installed);
        if (installed.isPresent() && installed.get().version() > VERSION) {
            requireReadable(installed.get());
        } else if (installed.isEmpty() || installed.get().version() < VERSION) {
            run();
        }
    }

    private void requireReadable(Installed installed) {
        if (installed.readableBy() > VERSION) {
            throw new SchemaException(
                    "Schema " + schema + " is at version " + installed.version()
                            + ", which needs a BackOps that knows version "
                            + installed.readableBy() + "; this one knows version " + VERSION
                            + ". Upgrade BackOps, or use another schema.",
                    null);
        }
    }

    private void run() {
        try {
            Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(dataSource)
                    .schemas(schema)
                    .defaultSchema(schema)
                    .createSchemas(true)
                    .table("schema_history")
                    .locations("classpath:dev/backops/migration")
                    .placeholders(Map.of("schema", schema))
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw explained(e);
        }
    }

    private SchemaException explained(FlywayException error) {
        if (INSUFFICIENT_PRIVILEGE.equals(SqlStates.of(error))) {
            String role = database.with(store::role);
            return new SchemaException(
                    "Role " + role + " may not create schema " + schema + " or its tables. Let an administrator run"
                            + " CREATE SCHEMA " + schema + " AUTHORIZATION " + role
                            + ", or give BackOps.builder(…).migrations(…) a data source whose role may.",
                    error);
        }
        return new SchemaException(
                "Schema " + schema + " could not be created or upgraded: " + error.getMessage(), error);
    }
}
