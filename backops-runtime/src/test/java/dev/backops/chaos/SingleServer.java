package dev.backops.chaos;

import dev.backops.embedded.EmbeddedDatabase;
import dev.backops.testkit.TcpProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** One server behind a network. */
final class SingleServer implements Server {

    private final Path directory;
    private final Map<String, String> settings;
    private final TcpProxy network;
    private EmbeddedDatabase database;

    SingleServer(Path directory, Map<String, String> settings) {
        this.directory = directory;
        this.settings = settings;
        database = start(directory, settings, 0);
        network = TcpProxy.before(database.jdbcUrl());
    }

    TcpProxy network() {
        return network;
    }

    /** Another network before the same server. */
    TcpProxy anotherNetwork() {
        return TcpProxy.before(database.jdbcUrl());
    }

    @Override
    public String jdbcUrl() {
        return network.jdbcUrl();
    }

    @Override
    public DataSource direct() {
        return direct(database);
    }

    /** Connections that no setting of the server calls time on. */
    static DataSource direct(EmbeddedDatabase database) {
        PGSimpleDataSource direct = (PGSimpleDataSource) database.dataSource();
        direct.setOptions("-c statement_timeout=0");
        return direct;
    }

    static EmbeddedDatabase start(Path directory, Map<String, String> settings, int port) {
        EmbeddedDatabase.Builder builder = EmbeddedDatabase.at(directory).port(port);
        settings.forEach(builder::setting);
        return builder.start();
    }

    /** SIGKILL of the main process. */
    void kill() throws IOException {
        kill(directory);
    }

    static void kill(Path directory) throws IOException {
        ProcessHandle postmaster = postmaster(directory);
        postmaster.destroyForcibly();
        postmaster.onExit().join();
    }

    private static ProcessHandle postmaster(Path directory) throws IOException {
        Path file = directory.resolve("cluster").resolve("postmaster.pid");
        return ProcessHandle.of(Long.parseLong(Files.readAllLines(file).get(0).strip()))
                .orElseThrow();
    }

    /** Starts it again, on the same port. */
    void restart() {
        int port = database.port();
        database.close();
        database = start(directory, settings, port);
    }

    @Override
    public void heal() {
        network.resetAbandoned();
    }

    @Override
    public void close() throws IOException {
        network.close();
        database.close();
    }
}
