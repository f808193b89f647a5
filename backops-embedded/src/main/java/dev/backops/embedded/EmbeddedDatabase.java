package dev.backops.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running PostgreSQL of its own, on the loopback address.
 *
 * <pre>{@code
 * try (EmbeddedDatabase database = EmbeddedDatabase.at(Path.of(".backops")).start()) {
 *     DataSource dataSource = database.dataSource();
 *     ...
 * }
 * }</pre>
 *
 * <p>It stops when it is closed, and at the latest when the JVM exits or is told to by SIGTERM or Ctrl+C. Only a JVM that
 * is killed leaves its server running; the next {@link Builder#start()} on the same directory stops that one first.
 *
 * <p>The superuser {@code postgres} needs no password, so everybody with an account on this machine may connect. Safe for
 * use by several threads.
 */
public final class EmbeddedDatabase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
    private static final String DUPLICATE_DATABASE = "42P04";

    private final Path directory;
    private final boolean temporary;
    private final Cluster cluster;
    private final DirectoryLock lock;
    private final @Nullable Thread exitHook;
    private int port;
    private boolean closed;

    private EmbeddedDatabase(Builder builder, Path directory, DirectoryLock lock, PostgresBinaries binaries) {
        this.directory = directory;
        this.temporary = builder.directory == null;
        this.cluster = new Cluster(binaries, directory);
        this.lock = lock;
        this.exitHook = builder.closeOnExit ? new Thread(this::closeAtExit, "backops-embedded-close") : null;
    }

    /** Prepares a database in a new directory below {@code java.io.tmpdir}, which is deleted when it closes. */
    public static Builder temporary() {
        return new Builder(null);
    }

    /**
     * Prepares a database in a directory that is kept: what is committed survives the JVM, and a start on the same directory
     * finds it again.
     *
     * @param dataDirectory created where it does not exist; nobody else may put files there
     */
    public static Builder at(Path dataDirectory) {
        return new Builder(dataDirectory);
    }

    /** Returns the port on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Returns the URL of the database {@code postgres}, which every server has, with its user. */
    public String jdbcUrl() {
        return jdbcUrl("postgres");
    }

    /** Returns the URL of a database of this server, with its user; the database need not exist yet. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + URLEncoder.encode(database, UTF_8) + "?user=postgres";
    }

    /** Returns a data source for the database {@code postgres}. It opens a connection per call: pools are up to callers. */
    public DataSource dataSource() {
        return dataSource("postgres");
    }

    /** Returns a data source for a database of this server, like {@link #dataSource()}. */
    public DataSource dataSource(String database) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setServerNames(new String[] {"127.0.0.1"});
        dataSource.setPortNumbers(new int[] {port});
        dataSource.setUser("postgres");
        dataSource.setDatabaseName(database);
        return dataSource;
    }

    /**
     * Creates a database on this server unless it exists, and returns a data source for it like {@link #dataSource()}.
     *
     * @param name taken literally, upper case and all
     */
    public DataSource createDatabase(String name) {
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            // Not enquoteIdentifier, which refuses names that have a quote in them.
            statement.execute("CREATE DATABASE \"" + name.replace("\"", "\"\"") + "\"");
        } catch (SQLException e) {
            if (!DUPLICATE_DATABASE.equals(e.getSQLState())) {
                throw new EmbeddedDatabaseException("Could not create the database " + name, e);
            }
        }
        return dataSource(name);
    }

    /**
     * Stops the server, rolling back what is not committed and ending all connections, and deletes the directory of a
     * temporary one. Closing it twice does no harm.
     */
    @Override
    public void close() {
        removeExitHook();
        closeOnce();
    }

    private synchronized void open(Builder builder) throws IOException {
        if (closed) {
            throw new EmbeddedDatabaseException("The JVM is exiting.");
        }
        cluster.stopLeftover();
        cluster.create(builder.durable && !temporary);
        port = cluster.start(builder.allSettings(), builder.port);
        LOG.debug("PostgreSQL runs on port {} in {}", port, directory);
    }

    // The hook waits for a start that is under way, so that the server which it is about to bring up goes down as well.
    private synchronized void closeOnce() {
        if (closed) {
            return;
        }
        closed = true;
        try (lock) {
            // Nothing of a temporary one is worth the checkpoint of an orderly stop.
            cluster.stop(temporary ? "immediate" : "fast");
        } catch (IOException e) {
            throw new EmbeddedDatabaseException("Could not stop PostgreSQL in " + directory, e);
        } finally {
            if (temporary) {
                deleteDirectory();
            }
        }
    }

    private void closeAtExit() {
        try {
            closeOnce();
        } catch (EmbeddedDatabaseException e) {
            LOG.error("Could not close the embedded database", e);
        }
    }

    private void deleteDirectory() {
        try {
            Directories.delete(directory);
        } catch (IOException e) {
            LOG.warn("Could not delete {}", directory, e);
        }
    }

    private void addExitHook() {
        if (exitHook != null) {
            Runtime.getRuntime().addShutdownHook(exitHook);
        }
    }

    private void removeExitHook() {
        if (exitHook != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(exitHook);
            } catch (IllegalStateException e) {
                // The JVM is exiting: the hook is running, or has run.
            }
        }
    }

    /** What a database is to be like. Every method but {@link #start()} changes this builder and returns it. */
    public static final class Builder {
        private final @Nullable Path directory;
        private final Map<String, String> settings = new LinkedHashMap<>();
        private int port;
        private boolean durable = true;
        private boolean closeOnExit = true;
        private Path cacheDirectory = PostgresBinaries.defaultCache();

        private Builder(@Nullable Path directory) {
            this.directory = directory;
        }

        /**
         * Sets a parameter of the server, for this start only.
         *
         * @param name a name of PostgreSQL's configuration, like {@code work_mem}
         * @param value as in {@code postgresql.conf} but without quotes
         * @throws IllegalArgumentException if that is no name of a parameter, or {@code port}, for which there is a method
         */
        public Builder setting(String name, String value) {
            if (!name.matches("[A-Za-z_][A-Za-z0-9_.]*")) {
                throw new IllegalArgumentException(
                        "setting must be named like a parameter of PostgreSQL, but is " + name);
            }
            if (name.equalsIgnoreCase("port")) {
                throw new IllegalArgumentException("setting must not be port: call port(int)");
            }
            settings.put(name, value);
            return this;
        }

        /** Sets the port; 0, the default, takes any free one. */
        public Builder port(int port) {
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("port must be between 0 and 65535, but is " + port);
            }
            this.port = port;
            return this;
        }

        /**
         * Sets whether a commit waits for the disk, as by default. Without that, tests are faster, a crash of the JVM or the
         * server still loses nothing, and a crash of the machine may cost the whole database.
         */
        public Builder durable(boolean durable) {
            this.durable = durable;
            return this;
        }

        /**
         * Sets whether the exit of the JVM closes the database, as by default. An application that works with it in a shutdown
         * hook of its own sets false and closes it there, last, because hooks run side by side.
         */
        public Builder closeOnExit(boolean closeOnExit) {
            this.closeOnExit = closeOnExit;
            return this;
        }

        /**
         * Sets the directory in which PostgreSQL is unpacked, 60 MB, once for all JVMs that share it. The default is
         * {@code backops} in the user's directory for caches.
         */
        public Builder cacheDirectory(Path cacheDirectory) {
            this.cacheDirectory = cacheDirectory;
            return this;
        }

        /**
         * Starts the server and returns once it accepts connections: in a second, or some more the first time.
         *
         * @throws EmbeddedDatabaseException if another JVM, or this one, has the directory open already, or if the server
         *     could not be unpacked or started; nothing is left running then
         */
        public EmbeddedDatabase start() {
            try {
                PostgresBinaries binaries = PostgresBinaries.in(cacheDirectory.toAbsolutePath());
                Path chosen = createDirectory();
                DirectoryLock lock = lock(chosen);
                EmbeddedDatabase database = new EmbeddedDatabase(this, chosen, lock, binaries);
                return open(database);
            } catch (IOException e) {
                throw new EmbeddedDatabaseException(
                        "Could not start PostgreSQL in " + (directory == null ? "a temporary directory" : directory),
                        e);
            }
        }

        private EmbeddedDatabase open(EmbeddedDatabase database) throws IOException {
            try {
                database.addExitHook();
                database.open(this);
                return database;
            } catch (IOException | RuntimeException e) {
                try {
                    database.close();
                } catch (RuntimeException closing) {
                    e.addSuppressed(closing);
                }
                throw e;
            }
        }

        private Path createDirectory() throws IOException {
            if (directory == null) {
                return Files.createTempDirectory("backops-").toRealPath();
            }
            return Files.createDirectories(directory).toRealPath();
        }

        private static DirectoryLock lock(Path directory) throws IOException {
            Optional<DirectoryLock> lock = DirectoryLock.tryAcquire(directory.resolve("lock"));
            return lock.orElseThrow(() -> new EmbeddedDatabaseException("The database in " + directory
                    + " is open already, in this JVM or another one. Close it there first."));
        }

        private Map<String, String> allSettings() {
            Map<String, String> all = new LinkedHashMap<>();
            String safe = durable ? "on" : "off";
            all.put("fsync", safe);
            all.put("synchronous_commit", safe);
            all.put("full_page_writes", safe);
            all.put("max_connections", "300");
            all.put("timezone", "UTC");
            all.putAll(settings);
            return all;
        }
    }
}
