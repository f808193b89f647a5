package dev.backops.chaos;

import com.zaxxer.hikari.HikariDataSource;
import dev.backops.BackOps;
import dev.backops.testkit.Sql;
import dev.backops.testkit.WorkerProcesses;
import dev.backops.testkit.WorkerProcesses.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Three processes that run operations, one that enqueues, and their PostgreSQL; what steps say goes to another server, which
 * nothing happens to. Used by one thread.
 */
final class Site implements AutoCloseable {

    private static final int WORKERS = 3;

    /** A moment that a fault is to come at may not come. */
    private static final Duration FAULT_PATIENCE = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Server server;
    private final RunLog log;
    private final String logUrl;
    private final WorkerProcesses processes;
    private final Random random;
    private final History history;
    private final HikariDataSource pool;
    private final BackOps backOps;
    private final List<Worker> workers = new ArrayList<>();
    private final Map<Long, Instant> deaths = new HashMap<>();
    private final Map<Long, Set<Instant>> thaws = new HashMap<>();

    /** Takes over the server; what steps say goes to an empty database elsewhere. */
    Site(
            Server server,
            DataSource elsewhere,
            String elsewhereUrl,
            WorkerProcesses processes,
            Random random,
            History history)
            throws InterruptedException, IOException {
        this.server = server;
        this.processes = processes;
        this.random = random;
        this.history = history;
        log = new RunLog(elsewhere).create();
        logUrl = elsewhereUrl;
        pool = ChaosWorker.pool(server.jdbcUrl());
        backOps = BackOps.builder(pool).build();
        sql().execute(Transfer.EFFECTS);
        sql().execute(Leases.CREATE);
        heal();
    }

    /** The server, of a kind that faults of some kinds need. */
    <S extends Server> S server(Class<S> type) {
        return type.cast(server);
    }

    History history() {
        return history;
    }

    Random random() {
        return random;
    }

    /** Not through the network that is to break. */
    Sql sql() {
        return new Sql(direct());
    }

    /** The same as connections. */
    DataSource direct() {
        return server.direct();
    }

    Enqueuing enqueue() {
        return new Enqueuing(backOps, log);
    }

    /** Waits for so long, or up to twice as long. */
    void pause(Duration shortest) throws InterruptedException {
        Thread.sleep(shortest.toMillis() + random.nextInt((int) shortest.toMillis()));
    }

    /** Some of the processes, in random order. */
    List<Worker> some(int count) {
        return random.ints(0, workers.size())
                .distinct()
                .limit(count)
                .mapToObj(workers::get)
                .toList();
    }

    void startWorker() {
        workers.add(start(server.jdbcUrl()).awaitStart());
    }

    /** A process that is not one of those of the site; {@code told} is what it is told at first. */
    Worker start(String jdbcUrl, String... told) {
        List<String> arguments = new ArrayList<>(List.of(jdbcUrl, logUrl));
        arguments.addAll(List.of(told));
        return processes.start(ChaosWorker.class, arguments.toArray(String[]::new));
    }

    void killWorker() throws InterruptedException {
        Worker victim = some(1).get(0);
        died(victim, Instant.now());
        victim.kill();
        workers.remove(victim);
    }

    void died(Worker worker, Instant time) {
        deaths.put(worker.pid(), time);
    }

    void closeWorker() throws InterruptedException, IOException {
        workers.remove(0).close();
    }

    /** Lets processes that are stopped be so until others have taken their operations and run them, and then go on. */
    void outlastLease(List<Worker> stopped) throws InterruptedException, IOException {
        isTrueInTime(() -> stopped.stream().map(Worker::pid).noneMatch(workers("lease_end > '-infinity'")::contains));
        pause(Duration.ofMillis(250));
        for (Worker worker : stopped) {
            thaws.computeIfAbsent(worker.pid(), pid -> new HashSet<>()).add(Instant.now());
            worker.thaw();
        }
    }

    /** Makes processes stop themselves in the middle of a step; returns those that did. */
    List<Worker> stopIn(String step, List<Worker> chosen) throws IOException {
        for (Worker worker : chosen) {
            worker.say(ChaosWorker.STOP_IN + step);
        }
        return chosen.stream()
                .filter(worker -> isTrueInTime(() -> isStopped(worker)))
                .toList();
    }

    private static boolean isStopped(Worker worker) throws IOException {
        String status = Files.readString(Path.of("/proc", Long.toString(worker.pid()), "stat"));
        return status.charAt(status.lastIndexOf(')') + 2) == 'T';
    }

    /** Whether something that may not happen happens in the time that faults have. */
    boolean isTrueInTime(Callable<Boolean> condition) {
        try {
            Awaitility.await()
                    .atMost(FAULT_PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(condition);
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    int terminateBackends() {
        return sql().texts("SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity"
                        + " WHERE application_name LIKE 'PostgreSQL JDBC%' AND pid <> pg_backend_pid()"
                        + " ORDER BY random() LIMIT 2")
                .size();
    }

    /** As many workers as there were, none stopped, and no dead connections, which would use up those of the server. */
    void heal() throws InterruptedException, IOException {
        for (Worker worker : workers) {
            if (!worker.isAlive()) {
                throw new IllegalStateException("Worker " + worker.pid() + " ended by itself:\n" + worker.said());
            }
            // One that was to stop itself, and has not done so in time, may have done so since.
            worker.say(ChaosWorker.STOP_IN);
            worker.thaw();
        }
        server.heal();
        while (workers.size() < WORKERS) {
            startWorker();
        }
    }

    /** Waits until all operations are over and all processes have a lease; false if that does not come. */
    boolean settles() {
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .ignoreExceptions()
                    .until(() ->
                            unfinished() == 0 && workers("lease_end > now()").containsAll(pids()));
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    private long unfinished() {
        return sql().number(
                        "SELECT count(*) FROM backops.work WHERE state NOT IN ('compensated', 'cancelled', 'failed')");
    }

    private Set<Long> pids() {
        return workers.stream().map(Worker::pid).collect(Collectors.toSet());
    }

    /** The pids of the processes whose rows are so. */
    private Set<Long> workers(String condition) {
        return sql().texts("SELECT pid::text FROM backops.worker WHERE " + condition).stream()
                .map(Long::valueOf)
                .collect(Collectors.toSet());
    }

    /** Looks at all operations since the last time, and forgets them. */
    Verdict verdict() {
        Judge judge = new Judge(sql(), log);
        Verdict verdict = judge.verdict(deaths, thaws);
        verdict.guilty().forEach(id -> history.note(judge.file(id)));
        // Not TRUNCATE, which would wait for transactions whose client is gone.
        for (String table : List.of("work", "operation", "step", "failure", "audit")) {
            sql().execute("DELETE FROM backops." + table);
        }
        sql().execute("DELETE FROM public.effect");
        sql().execute("DELETE FROM public.lease WHERE worker NOT IN (SELECT id FROM backops.worker)");
        log.clear();
        deaths.clear();
        thaws.clear();
        return verdict;
    }

    @Override
    public void close() throws IOException {
        workers.forEach(Worker::strike);
        backOps.close();
        pool.close();
        server.close();
    }
}
