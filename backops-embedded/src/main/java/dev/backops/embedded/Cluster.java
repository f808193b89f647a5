package dev.backops.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.APPEND;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one database in a directory that its user chose, and the server that runs on them:
 *
 * <pre>
 * lock          held by the JVM that has the database open
 * cluster/      what PostgreSQL calls its data directory
 * server.log    what the server said since its last start
 * command.log   what initdb or pg_ctl said last
 * </pre>
 *
 * <p>Only the holder of the lock may call anything here.
 */
final class Cluster {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    private static final String UNFINISHED = "unfinished-";
    private static final String SETTINGS_FILE = "backops.conf";
    private static final Duration START_LIMIT = Duration.ofMinutes(2); // a crash recovery may take a while
    private static final Duration FAST_STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration IMMEDIATE_STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);
    private static final Duration ORPHANS_LIMIT = Duration.ofSeconds(10);
    private static final Duration ORPHANS_PAUSE = Duration.ofMillis(100);
    private static final int PORT_ATTEMPTS = 10;
    private static final int LOG_LINES = 20;

    private static final int FIRST_WITH_BUILTIN_LOCALES = 17;

    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

    private final PostgresBinaries binaries;
    private final Path directory;
    private final Path cluster;
    private final Path serverLog;
    private final Path commandLog;

    Cluster(PostgresBinaries binaries, Path directory) {
        this.binaries = binaries;
        this.directory = directory;
        this.cluster = directory.resolve("cluster");
        this.serverLog = directory.resolve("server.log");
        this.commandLog = directory.resolve("command.log");
    }

    /**
     * Creates the cluster unless it is there.
     *
     * <p>It gets its name when it is complete, and each attempt has another one: an initdb may outlive a killed JVM, and
     * still be writing while the next one starts.
     */
    void create(boolean durable) throws IOException {
        removeUnfinished();
        if (Files.isDirectory(cluster)) {
            return;
        }
        Path unfinished = Files.createTempDirectory(directory, UNFINISHED);
        List<String> arguments = new ArrayList<>(List.of("-D", unfinished.toString(), "-U", "postgres", "-A", "trust"));
        // The same order of text and the same words in the log on every machine, whatever its locale.
        arguments.addAll(List.of("-E", "UTF8", "--locale=C"));
        if (majorVersion() >= FIRST_WITH_BUILTIN_LOCALES) {
            // As above, and lower() and upper() know more than English.
            arguments.addAll(List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
        }
        arguments.add("--no-instructions");
        if (!durable) {
            arguments.add("--no-sync");
        }
        if (run("initdb", arguments) != 0) {
            throw new EmbeddedDatabaseException(
                    "Could not create a database in " + directory + hint() + tail(commandLog));
        }
        Files.writeString(
                unfinished.resolve("postgresql.conf"), "\ninclude_if_exists = '" + SETTINGS_FILE + "'\n", APPEND);
        Files.move(unfinished, cluster, ATOMIC_MOVE);
    }

    /** Stops a server that a killed JVM left running on this cluster; touches no other process. */
    void stopLeftover() throws IOException {
        Optional<PostmasterFile> found = PostmasterFile.read(cluster);
        if (found.isEmpty()) {
            return;
        }
        PostmasterFile file = found.get();
        Optional<ProcessHandle> process = file.process();
        if (isOurs(file) && process.filter(file::isServer).isPresent()) {
            LOG.info("Stopping the PostgreSQL server {} that a killed JVM left on {}", file.pid(), directory);
            stop("fast");
        } else if (process.isEmpty() || process.filter(file::isSomethingElse).isPresent()) {
            // PostgreSQL would take any process with the pid, even a zombie, for the server. Its second check, by
            // shared
            // memory, needs no file: two servers on one cluster stay impossible.
            Files.deleteIfExists(file.file());
        }
    }

    /**
     * Starts the server and waits until it accepts connections.
     *
     * @param port 0 for any free one
     * @return the port
     */
    int start(Map<String, String> settings, int port) throws IOException {
        long giveUp = System.nanoTime() + ORPHANS_LIMIT.toNanos();
        for (int attempt = 1; ; attempt++) {
            int candidate = port == 0 ? freePort() : port;
            writeSettings(settings, candidate);
            Files.deleteIfExists(serverLog);
            if (run("pg_ctl", startArguments()) == 0) {
                return candidate;
            }
            String log = tail(serverLog);
            if (port == 0 && attempt < PORT_ATTEMPTS && log.contains("could not bind")) {
                continue; // somebody was faster
            }
            // The connections of a killed server take a moment to notice its death.
            if (log.contains("shared memory block") && System.nanoTime() < giveUp) {
                LockSupport.parkNanos(ORPHANS_PAUSE.toNanos());
                continue;
            }
            throw new EmbeddedDatabaseException(
                    "Could not start PostgreSQL in " + directory + hint() + log + tail(commandLog));
        }
    }

    /** Stops the server in the given mode of pg_ctl, by force where that does not end it; does nothing where none runs. */
    void stop(String mode) throws IOException {
        Optional<ProcessHandle> server = server();
        if (server.isEmpty()
                || stopBy(mode, FAST_STOP_LIMIT, server.get())
                || stopBy("immediate", IMMEDIATE_STOP_LIMIT, server.get())) {
            return;
        }
        server.get().destroyForcibly();
        if (!Processes.awaitEnd(server.get(), KILL_LIMIT)) {
            throw new EmbeddedDatabaseException("The PostgreSQL server "
                    + server.get().pid() + " on " + directory + " does not stop." + tail(commandLog));
        }
    }

    // Where the system does not show what a process is, the file is believed: stopLeftover has looked at it before.
    private Optional<ProcessHandle> server() throws IOException {
        return PostmasterFile.read(cluster)
                .filter(this::isOurs)
                .flatMap(file -> file.process().filter(process -> !file.isSomethingElse(process)));
    }

    /** The PostgreSQL that initdb belongs to: "initdb (PostgreSQL) 14.20" is 14. */
    private int majorVersion() throws IOException {
        int exitCode = run("initdb", List.of("--version"));
        String answer = Files.readString(commandLog).strip();
        Matcher version = VERSION.matcher(answer);
        if (exitCode != 0 || !version.find()) {
            throw new EmbeddedDatabaseException("Could not run initdb" + hint() + tail(commandLog));
        }
        return Integer.parseInt(version.group(1));
    }

    private void removeUnfinished() throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory, UNFINISHED + "*")) {
            for (Path leftover : leftovers) {
                try {
                    Directories.delete(leftover);
                } catch (IOException e) {
                    LOG.debug("{} is still being written; a later start will remove it", leftover, e);
                }
            }
        }
    }

    private boolean isOurs(PostmasterFile file) {
        return file.cluster().equals(cluster);
    }

    private boolean stopBy(String mode, Duration limit, ProcessHandle server) throws IOException {
        String seconds = Long.toString(limit.toSeconds());
        return run("pg_ctl", List.of("stop", "-D", cluster.toString(), "-m", mode, "-w", "-t", seconds)) == 0
                && Processes.awaitEnd(server, limit);
    }

    // pg_ctl detaches the server from the terminal: Ctrl+C reaches the application alone, which can still write then.
    private List<String> startArguments() {
        String seconds = Long.toString(START_LIMIT.toSeconds());
        return List.of("start", "-D", cluster.toString(), "-l", serverLog.toString(), "-w", "-t", seconds);
    }

    // A file and not options, because pg_ctl hands options to a shell.
    private void writeSettings(Map<String, String> settings, int port) throws IOException {
        StringBuilder text = new StringBuilder("# Written at every start.\n");
        settings.forEach((name, value) -> appendSetting(text, name, value));
        appendSetting(text, "port", Integer.toString(port));
        appendSetting(text, "listen_addresses", "127.0.0.1");
        appendSetting(text, "unix_socket_directories", "");
        Files.writeString(cluster.resolve(SETTINGS_FILE), text);
    }

    private static void appendSetting(StringBuilder text, String name, String value) {
        String quoted = value.replace("\\", "\\\\").replace("'", "''");
        text.append(name).append(" = '").append(quoted).append("'\n");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            return socket.getLocalPort();
        }
    }

    // Waits even on an interrupted thread: every command has its own limit, and half a start or stop helps nobody.
    private int run(String program, List<String> arguments) throws IOException {
        Process process = new ProcessBuilder(binaries.command(program, arguments))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(commandLog.toFile())
                .start();
        process.getOutputStream().close();
        return process.onExit().join().exitValue();
    }

    private static String hint() {
        return PostgresBinaries.isRoot()
                ? ". It refuses to run as root, and is started through \"unshare --user\" there; where that is forbidden,"
                        + " as in many containers, use an ordinary user."
                : ".";
    }

    private static String tail(Path log) {
        if (!Files.exists(log)) {
            return "";
        }
        try (Stream<String> lines = Files.lines(log, UTF_8)) {
            List<String> all = lines.toList();
            return "\n" + String.join("\n", all.subList(Math.max(0, all.size() - LOG_LINES), all.size()));
        } catch (IOException | UncheckedIOException e) {
            return "\n(could not read " + log + ")";
        }
    }
}
