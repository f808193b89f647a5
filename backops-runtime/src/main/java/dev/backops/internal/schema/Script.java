package dev.backops.internal.schema;

import dev.backops.internal.store.SchemaStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.zip.CRC32;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jdbi.v3.core.Jdbi;

/**
 * A script that creates or changes tables, once.
 *
 * <p>Flyway would run a script by itself, but it commits its history on another connection, a moment later. A process that
 * dies in between leaves tables that the history does not know, and no process could start any more. So each script notes
 * in its own transaction that it ran.
 */
final class Script implements JavaMigration {

    private static final String SEPARATOR = "__";

    private final SchemaStore store;
    private final int version;
    private final String description;
    private final String text;

    /** @param name that of the file, {@code V001__what_it_is_about.sql} */
    Script(SchemaStore store, String name) {
        this.store = store;
        int separator = name.indexOf(SEPARATOR);
        version = Integer.parseInt(name.substring(1, separator));
        description = name.substring(separator + SEPARATOR.length(), name.lastIndexOf('.'))
                .replace('_', ' ');
        text = read("/dev/backops/migration/" + name);
    }

    private static String read(String path) {
        try (InputStream in = Script.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException(path + " is not on the class path; it belongs to backops-runtime");
            }
            // The checksum is that of the lines, however they end in a checkout.
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void migrate(Context context) throws SQLException {
        // Closes its handle, not the connection.
        Jdbi.create(context.getConnection()).useHandle(handle -> store.applyOnce(handle, version, text));
    }

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion(Integer.toString(version));
    }

    @Override
    public String getDescription() {
        return description;
    }

    @Override
    public Integer getChecksum() {
        CRC32 sum = new CRC32();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return (int) sum.getValue();
    }

    @Override
    public boolean canExecuteInTransaction() {
        return true;
    }
}
