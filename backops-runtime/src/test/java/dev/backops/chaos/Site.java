package dev.backops.chaos;

import com.zaxxer.hikari.HikariDataSource;
import dev.backops.BackOps;
import dev.backops.embedded.EmbeddedDatabase;
import dev.backops.testkit.Ledger;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TcpProxy;
import dev.backops.testkit.TcpProxy.Fault;
import dev.backops.testkit.TestDatabase;
import dev.backops.testkit.WorkerProcesses;
import dev.backops.testkit.WorkerProcesses.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Two processes, the network, and a PostgreSQL that commits durably; a ledger on another server, which nothing happens to.
 * Used by one thread.
 */
final class Site implements AutoCloseable {

    private static final int WORKERS = 2;

    /** A moment that a fault is to come at may not come. */
    private static final Duration FAULT_PATIENCE = Duration.ofSeconds(10);

    private final Path data;
    private final TestDatabase ledgerDatabase;
    private final Ledger ledger;
    private final WorkerProcesses processes;
    private final Random random;
    private final TcpProxy network;
    private final HikariDataSource pool;
    private final BackOps backOps;
    private final List<Worker> workers = new ArrayList<>();
    private EmbeddedDatabase server;

    Site(Path directory, TestDatabase ledgerDatabase, Ledger ledger, WorkerProcesses processes, Random random)
            throws Exception {
        this.data = directory.resolve("data");
        this.ledgerDatabase = ledgerDatabase;
        this.ledger = ledger;
        this.processes = processes;
        this.random = random;
        server = EmbeddedDatabase.at(data).start();
        network = TcpProxy.before(server.jdbcUrl());
        pool = ChaosWorker.pool(network.jdbcUrl());
        backOps = BackOps.builder(pool).build();
        sql().execute(Transfer.EFFECTS);
        heal();
    }

    TcpProxy network() {
        return network;
    }

    /** Not through the network that is to break. */
    Sql sql() {
        return new Sql(database());
    }

    /** The same as connections. */
    DataSource database() {
        return server.dataSource();
    }

    Enqueuing enqueue(List<Long> acknowledged) {
        return new Enqueuing(backOps, acknowledged);
    }

    /** Waits for so long, or up to twice as long. */
    void pause(Duration shortest) throws InterruptedException {
        Thread.sleep(shortest.toMillis() + random.nextInt((int) shortest.toMillis()));
    }

    void startWorker() {
        workers.add(processes
                .start(ChaosWorker.class, network.jdbcUrl(), ledgerDatabase.jdbcUrl())
                .awaitStart());
    }

    void killWorker() throws InterruptedException {
        workers.remove(random.nextInt(workers.size())).kill();
    }

    void closeWorker() throws InterruptedException, IOException {
        workers.remove(0).close();
    }

    void freezeWorkerFor(Duration time) throws InterruptedException, IOException {
        Worker frozen = workers.get(random.nextInt(workers.size()));
        frozen.freeze();
        Thread.sleep(time.toMillis());
        frozen.thaw();
    }

    int terminateBackends() {
        return sql().texts("SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity"
                        + " WHERE application_name LIKE 'PostgreSQL JDBC%' AND pid <> pg_backend_pid()"
                        + " ORDER BY random() LIMIT 2")
                .size();
    }

    /** False where nobody said it in time. */
    boolean loseAnswerTo(String text) {
        Fault fault = network.loseAnswerTo(text);
        try {
            Awaitility.await().atMost(FAULT_PATIENCE).until(fault::happened);
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    void killServer() throws IOException {
        long pid = Long.parseLong(Files.readAllLines(data.resolve("cluster").resolve("postmaster.pid"))
                .get(0)
                .strip());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        postmaster.destroyForcibly();
        postmaster.onExit().join();
    }

    void startServer() {
        int port = server.port();
        server.close();
        server = EmbeddedDatabase.at(data).port(port).start();
    }

    /** As many workers as there were, and no dead connections, which would use up those of the server. */
    void heal() {
        network.resetAbandoned();
        while (workers.size() < WORKERS) {
            startWorker();
        }
    }

    long unfinished() {
        return sql().number("SELECT count(*) FROM backops.work");
    }

    /** Looks at all operations since the last time, and forgets them. */
    Verdict verdict(List<Long> acknowledged) {
        Set<String> completed = new HashSet<>(sql().texts("""
                SELECT o.id::text FROM backops.operation o
                WHERE o.outcome = 'completed'
                  AND (SELECT string_agg(s.name, ' ' ORDER BY s.seq) FROM backops.step s WHERE s.operation_id = o.id)
                    = 'announce book confirm'
                  AND EXISTS (SELECT FROM public.effect e WHERE e.operation = o.id)
                """));
        long lost = acknowledged.stream()
                .filter(id -> !completed.contains(Long.toString(id)))
                .count();
        long doubled = sql().number("SELECT count(*) FROM ("
                + "SELECT FROM public.effect GROUP BY operation HAVING count(*) > 1) AS twice");
        long repeated = ledger.calledAfter(sql());
        long operations = sql().number("SELECT count(*) FROM backops.operation");
        // Not TRUNCATE, which would wait for transactions whose client is gone.
        sql().execute("DELETE FROM backops.operation; DELETE FROM backops.step; DELETE FROM backops.failure;"
                + " DELETE FROM public.effect");
        ledger.clear();
        return new Verdict(operations, lost, repeated, doubled);
    }

    /** The processes are left to those who made them. */
    @Override
    public void close() throws IOException {
        backOps.close();
        pool.close();
        network.close();
        server.close();
    }
}
