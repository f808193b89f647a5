package dev.backops.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/** The program that {@link ChildJvm} runs: it opens a database, says so, and keeps it open until its input has a line. */
final class DatabaseOwner {
    private DatabaseOwner() {}

    /** Takes "temporary" or a directory, and the directory for the binaries or nothing. */
    public static void main(String... arguments) throws IOException, SQLException {
        EmbeddedDatabase.Builder builder = arguments[0].equals("temporary")
                ? EmbeddedDatabase.temporary()
                : EmbeddedDatabase.at(Path.of(arguments[0]));
        if (arguments.length > 1) {
            builder.cacheDirectory(Path.of(arguments[1]));
        }
        EmbeddedDatabase database = builder.start();
        Sql.execute(database.dataSource(), "CREATE TABLE IF NOT EXISTS note (text text)");
        Sql.execute(database.dataSource(), "INSERT INTO note VALUES ('from the child')");
        String cluster = Sql.text(database.dataSource(), "SHOW data_directory");
        System.out.println("open " + cluster);
        if (System.in.read() == -1) {
            throw new IOException("The parent is gone.");
        }
    }
}
