package dev.backops.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;

import dev.backops.embedded.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * A primary and a standby, which has every commit before anybody hears of it. While there is no standby, no commit is
 * acknowledged.
 */
final class ReplicatedServer implements Server {

    private static final Map<String, String> SETTINGS =
            Map.of("synchronous_standby_names", "*", "wal_keep_size", "256MB", "wal_receiver_status_interval", "1s");

    /** What belongs to the running primary alone; the directories themselves must be there. */
    private static final Set<String> LEFT_OUT =
            Set.of("pg_wal", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_subtrans");

    private final Path directory;
    private int generation;
    private EmbeddedDatabase primary;
    private EmbeddedDatabase standby;
    private Path primaryDirectory;
    private Path standbyDirectory;
    private Path buried;
    private final String jdbcUrl;

    ReplicatedServer(Path directory) throws IOException {
        this.directory = directory;
        buried = next();
        primaryDirectory = next();
        primary = SingleServer.start(primaryDirectory, SETTINGS, 0);
        standbyDirectory = next();
        standby = standby(0);
        jdbcUrl = "jdbc:postgresql://127.0.0.1:" + primary.port() + ",127.0.0.1:" + standby.port()
                + "/postgres?user=postgres&targetServerType=primary";
    }

    @Override
    public String jdbcUrl() {
        return jdbcUrl;
    }

    @Override
    public DataSource direct() {
        return SingleServer.direct(primary);
    }

    @Override
    public void heal() {
        // What belonged to the primary before has gone with it.
    }

    /** The primary dies, the standby takes its place, and a new standby that of the standby. */
    void failOver() throws IOException {
        SingleServer.kill(primaryDirectory);
        Jdbi.create(standby.dataSource())
                .useHandle(handle -> handle.createQuery("SELECT pg_promote()")
                        .mapTo(Boolean.class)
                        .one());
        int port = primary.port();
        primary.close();
        // What is left of the one before has ended by now, and writes no more.
        Campaign.delete(buried);
        buried = primaryDirectory;
        primary = standby;
        primaryDirectory = standbyDirectory;
        standbyDirectory = next();
        standby = standby(port);
    }

    private Path next() {
        return directory.resolve("server" + generation++);
    }

    /** A copy of the running primary that follows it. */
    private EmbeddedDatabase standby(int port) throws IOException {
        Path from = primaryDirectory.resolve("cluster");
        Path to = standbyDirectory.resolve("cluster");
        Files.createDirectories(standbyDirectory);
        try (Handle handle = Jdbi.create(primary.dataSource()).open()) {
            // The functions have had these names since PostgreSQL 15.
            boolean isOld = handle.createQuery("SELECT current_setting('server_version_num')::int < 150000")
                    .mapTo(Boolean.class)
                    .one();
            text(
                    handle,
                    isOld
                            ? "SELECT pg_start_backup('standby', fast => true, exclusive => false)::text"
                            : "SELECT pg_backup_start('standby', fast => true)::text");
            copy(from, to);
            String label = text(
                    handle,
                    isOld
                            ? "SELECT labelfile FROM pg_stop_backup(exclusive => false, wait_for_archive => false)"
                            : "SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)");
            Files.writeString(to.resolve("backup_label"), label, UTF_8);
        }
        Files.createFile(to.resolve("standby.signal"));
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put("primary_conninfo", "host=127.0.0.1 port=" + primary.port() + " user=postgres");
        return SingleServer.start(standbyDirectory, settings, port);
    }

    private static String text(Handle handle, String query) {
        return handle.createQuery(query).mapTo(String.class).one();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes unused) throws IOException {
                Files.copy(directory, to.resolve(from.relativize(directory)), COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes unused) throws IOException {
                Path relative = from.relativize(file);
                boolean leftOut = LEFT_OUT.contains(relative.getName(0).toString())
                        || relative.toString().startsWith("postmaster.");
                if (!leftOut) {
                    try {
                        Files.copy(file, to.resolve(relative), COPY_ATTRIBUTES);
                    } catch (NoSuchFileException e) {
                        return FileVisitResult.CONTINUE; // dropped meanwhile, which the log tells the standby
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException error) throws IOException {
                if (error instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw error;
            }
        });
    }

    @Override
    public void close() {
        standby.close();
        primary.close();
    }
}
