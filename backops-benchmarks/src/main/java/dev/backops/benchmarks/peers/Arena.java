package dev.backops.benchmarks.peers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A new database with one system on it; both are gone when it closes. */
final class Arena implements AutoCloseable {

    /** For every system and process; the most that any workload can use at a time. */
    static final int CONNECTIONS = 40;

    private final Server server;
    private final Entrant entrant;
    private final String database;
    private final Steps steps;
    private final Probe probe;
    private @Nullable HikariDataSource pool;
    private @Nullable Contender contender;

    Arena(Server server, Entrant entrant, String database, Job job) throws SQLException {
        this.server = server;
        this.entrant = entrant;
        this.database = database;
        this.steps = new Steps(job);
        server.execute("CREATE DATABASE \"" + database + "\"");
        probe = new Probe(server, database);
        if (job == Job.TRANSACTIONAL) {
            probe.execute(Steps.EFFECTS);
        }
    }

    static HikariDataSource pool(Server server, String database) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(server.dataSource(database));
        config.setMaximumPoolSize(CONNECTIONS);
        return new HikariDataSource(config);
    }

    String database() {
        return database;
    }

    Steps steps() {
        return steps;
    }

    Probe probe() {
        return probe;
    }

    /** Opens the system; one that is open is closed before, and has nothing left in flight. */
    Contender open() throws SQLException {
        shut();
        HikariDataSource opened = pool(server, database);
        pool = opened;
        Contender fresh = entrant.open(opened, steps);
        contender = fresh;
        return fresh;
    }

    /** Closes the system, and leaves the database to look into. */
    void shut() throws SQLException {
        if (contender != null) {
            contender.close();
            contender = null;
        }
        if (pool != null) {
            pool.close();
            pool = null;
            probe.awaitAlone();
        }
    }

    /** A figure that comes from half the work, or from work done twice, is no figure. */
    void requireDone(Contender system, long operations, long left) throws SQLException {
        probe.awaitAtMost(left, system.pending(), Duration.ofMillis(1));
        requireDone(system, operations, left, steps.ran());
    }

    void requireDone(Contender system, long operations, long left, long ran) throws SQLException {
        long expected = operations * steps.job().steps();
        require("steps ran", ran, expected);
        require("operations are left", probe.count(system.pending()), left);
        String recorded = system.recorded();
        if (recorded != null) {
            require("steps are recorded", probe.count(recorded), expected);
        }
        if (steps.job() == Job.TRANSACTIONAL) {
            require("rows of the application were written", probe.count("effect"), expected);
        }
    }

    static void require(String what, long found, long expected) {
        if (found != expected) {
            throw new IllegalStateException(found + " " + what + " instead of " + expected);
        }
    }

    @Override
    public void close() throws SQLException {
        try {
            shut();
        } finally {
            probe.close();
        }
        server.execute("DROP DATABASE \"" + database + "\" WITH (FORCE)");
    }
}
