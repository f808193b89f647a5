package dev.backops.internal.schema;

import dev.backops.SchemaException;
import dev.backops.internal.store.Database;
import dev.backops.internal.store.Schema;
import dev.backops.internal.store.SchemaStore;
import dev.backops.internal.store.SchemaStore.Installed;
import dev.backops.internal.store.SchemaStore.Rights;
import dev.backops.internal.store.SqlStates;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.JdbiException;

/** Brings a schema to the version of this code, or says why it cannot. */
public final class Migrations {

    private static final List<String> SCRIPTS = List.of(
            "V001__operation_and_work.sql",
            "V002__step_and_failure.sql",
            "V003__worker.sql",
            "V004__views.sql",
            "V005__repair.sql");

    /** The newest migration. */
    public static final int VERSION = SCRIPTS.size();

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
        Optional<Installed> installed = installed();
        if (installed.isPresent() && installed.get().version() > VERSION) {
            requireReadable(installed.get());
        } else if (installed.isEmpty() || installed.get().version() < VERSION) {
            requireRights();
            run();
        }
    }

    private Optional<Installed> installed() {
        try {
            return database.with(store::installed);
        } catch (JdbiException e) {
            if (SqlStates.deniesAccess(e)) {
                requireRights();
            }
            throw e;
        }
    }

    /** Flyway would find out as well, but after ten seconds of trying, and without a word of advice. */
    private void requireRights() {
        Rights rights = database.with(store::rights);
        if (rights.reserved()) {
            throw new SchemaException(
                    "Schema " + schema + " is named by a reserved word of SQL. Use another name.", null);
        }
        if (rights.readOnly()) {
            throw new SchemaException(
                    "Schema " + schema
                            + " cannot be created or upgraded on connections that are read-only. Connect to the"
                            + " primary, with default_transaction_read_only off, or let migrations(…) do so.",
                    null);
        }
        Boolean createsTables = rights.createsTables();
        boolean suffices = createsTables == null ? rights.createsSchemas() : createsTables;
        if (!suffices) {
            throw lacking(createsTables == null);
        }
    }

    private SchemaException lacking(boolean schemaIsMissing) {
        String role = database.with(store::role);
        return new SchemaException(
                "Role " + role + " may not create "
                        + (schemaIsMissing ? "schema " + schema : "tables in schema " + schema)
                        + ". Let an administrator run "
                        + (schemaIsMissing
                                ? "CREATE SCHEMA " + schema + " AUTHORIZATION " + role
                                : "ALTER SCHEMA " + schema + " OWNER TO " + role)
                        + ", or give BackOps.builder(…).migrations(…) a data source whose role may.",
                null);
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
                    .locations(new String[0])
                    .javaMigrations(SCRIPTS.stream()
                            .map(name -> new Script(store, name))
                            .toArray(Script[]::new))
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw explained(e);
        }
    }

    private SchemaException explained(FlywayException error) {
        if (error.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE) {
            return new SchemaException(
                    "Schema " + schema + " is not empty, and what is in it is not of BackOps. Choose another one with"
                            + " BackOps.builder(…).schema(…).",
                    error);
        }
        return new SchemaException(
                "Schema " + schema + " could not be created or upgraded: " + error.getMessage(), error);
    }
}
