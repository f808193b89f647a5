package dev.backops.benchmarks.peers;

import dev.backops.BackOps;
import dev.backops.Search;
import dev.backops.Status;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** The workloads, written once for all systems. */
final class Round {

    private static final String RATE = "operations/s";
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int FILL = 100_000;
    private static final int PAGES = 20;

    private final Server server;
    private final Entrant entrant;
    private final Size size;
    private final int repetitions;
    private final PrintStream out;
    private int databases;

    /** @param repetitions how often large workloads are measured */
    Round(Server server, Entrant entrant, Size size, int repetitions, PrintStream out) {
        this.server = server;
        this.entrant = entrant;
        this.size = size;
        this.repetitions = repetitions;
        this.out = out;
    }

    /** Lets the JVM compile what most workloads run. */
    void warmUp() throws SQLException {
        drainAll(Job.THREE, entrant.share(size.operations() / 2));
    }

    void run(Workload workload) throws SQLException {
        int operations = entrant.share(size.operations());
        switch (workload) {
            case THREE_STEPS -> print(workload.label(), drainAll(Job.THREE, operations), RATE);
            case TEN_STEPS -> print(workload.label(), drainAll(Job.TEN, Math.max(1, operations / 3)), RATE);
            case WAITING_STEPS -> print(workload.label(), drainAll(Job.WAITING, Math.max(1, operations / 4)), RATE);
            case LARGE_OUTPUTS -> print(workload.label(), drainAll(Job.OUTPUTS, Math.max(1, operations / 2)), RATE);
            case TRANSACTIONAL_STEPS ->
                print(workload.label(), drainAll(Job.TRANSACTIONAL, Math.max(1, operations / 3)), RATE);
            case FAILING_STEPS -> print(workload.label(), drainAll(Job.FAILING, operations), RATE);
            case HALF_DELAYED -> halfDelayed(operations);
            case ENQUEUE -> enqueue();
            case BULK -> bulk();
            case IDLE -> idle();
            case PROCESSES -> {
                print("one-process", processes(1, 6 * operations), RATE);
                print("three-processes", processes(3, 6 * operations), RATE);
            }
            case COSTS -> costs(operations);
            case BACKLOG -> backlog(operations);
            case FINISHED -> finished(operations);
            case PINNED -> pinned(operations);
        }
    }

    private double drainAll(Job job, int operations) throws SQLException {
        try (Arena arena = arena(job)) {
            Contender system = arena.open();
            double rate = drain(arena, system, 0, operations, /* left= */ 0);
            arena.requireDone(system, operations, /* left= */ 0);
            return rate;
        }
    }

    /**
     * Enqueues operations into a system that has not been started, and lets it run all that is due.
     *
     * @param left how many are not due
     */
    private double drain(Arena arena, Contender system, long first, int operations, int left) throws SQLException {
        Steps steps = arena.steps();
        long before = steps.ran();
        long begin;
        if (entrant.queues()) {
            system.enqueueAll(first, operations, Duration.ZERO);
            system.start();
            // In favour of those who take long to start.
            steps.await(before + 1);
            begin = System.nanoTime();
        } else {
            system.start();
            begin = System.nanoTime();
            system.enqueueAll(first, operations, Duration.ZERO);
        }
        steps.await(before + (long) operations * steps.job().steps());
        arena.probe().awaitAtMost(left, system.pending(), Duration.ofMillis(1));
        return perSecond(operations, System.nanoTime() - begin);
    }

    private void halfDelayed(int operations) throws SQLException {
        try (Arena arena = arena(Job.THREE)) {
            Contender system = arena.open();
            system.enqueueAll(operations, operations, HOUR);
            double rate = drain(arena, system, 0, operations, /* left= */ operations);
            arena.requireDone(system, operations, /* left= */ operations);
            print("half-delayed", rate, RATE);
        }
    }

    private void enqueue() throws SQLException {
        for (int threads : List.of(1, 4, 32)) {
            try (Arena arena = arena(Job.THREE)) {
                Contender system = arena.open();
                // The first calls open the connections of the pool.
                int before = entrant.share(1_000);
                InParallel.forEach(threads, -before, before, system::enqueue);
                AtomicLong numbers = new AtomicLong();
                long begin = System.nanoTime();
                long end = begin + size.time().toNanos();
                InParallel.run(threads, () -> {
                    while (System.nanoTime() - end < 0) {
                        system.enqueue(numbers.getAndIncrement());
                    }
                });
                long took = System.nanoTime() - begin;
                Arena.require("operations are stored", arena.probe().count(system.pending()), before + numbers.get());
                print("enqueue-" + threads, perSecond(numbers.get(), took), RATE);
            }
        }
    }

    private void bulk() throws SQLException {
        try (Arena arena = arena(Job.THREE)) {
            Contender system = arena.open();
            int before = size.bulk() / 10;
            system.enqueueAll(size.bulk(), before, Duration.ZERO);
            long begin = System.nanoTime();
            system.enqueueAll(0, size.bulk(), Duration.ZERO);
            long took = System.nanoTime() - begin;
            Arena.require("operations are stored", arena.probe().count(system.pending()), before + size.bulk());
            print("bulk", perSecond(size.bulk(), took), RATE);
        }
    }

    private void idle() throws SQLException {
        try (Arena arena = arena(Job.THREE)) {
            Contender system = arena.open();
            Steps steps = arena.steps();
            system.start();
            // The first ones load classes and open connections.
            int first = Math.max(1, entrant.share(size.single()) / 5);
            List<Double> millis = new ArrayList<>();
            long end = 0;
            for (int i = 0; i < first + size.single(); i++) {
                long begin = System.nanoTime();
                if (i == first) {
                    end = begin + size.time().toNanos();
                }
                if (i > first && begin - end > 0) {
                    break;
                }
                system.enqueue(i);
                steps.await((i + 1L) * steps.job().steps());
                arena.probe().awaitAtMost(0, system.pending(), Duration.ofNanos(50_000));
                if (i >= first) {
                    millis.add((System.nanoTime() - begin) / 1e6);
                }
            }
            arena.requireDone(system, first + millis.size(), /* left= */ 0);
            print("idle-p50", percentile(millis, 50), "ms");
            print("idle-p99", percentile(millis, 99), "ms");
        }
    }

    /**
     * The second half of a drain, when the processes have compiled what they run. Of its steps, since some systems begin with
     * all operations before they go on with any.
     */
    private double processes(int count, int operations) throws SQLException {
        List<ChildJvm> workers = new ArrayList<>();
        try (Arena arena = arena(Job.THREE)) {
            Contender system = arena.open();
            system.enqueueAll(0, operations, Duration.ZERO);
            for (int i = 0; i < count; i++) {
                workers.add(ChildJvm.start(
                        WorkerMain.class,
                        Integer.toString(server.port()),
                        arena.database(),
                        entrant.label(),
                        Job.THREE.name()));
            }
            // Each has opened the system when it answers.
            ran(workers);
            for (ChildJvm worker : workers) {
                worker.send(WorkerMain.START);
            }
            long all = (long) operations * Job.THREE.steps();
            long before = awaitRan(workers, all / 2);
            long begin = System.nanoTime();
            awaitRan(workers, all);
            arena.probe().awaitAtMost(0, system.pending(), Duration.ofMillis(1));
            double rate = perSecond(all - before, System.nanoTime() - begin) / Job.THREE.steps();
            arena.requireDone(system, operations, /* left= */ 0, ran(workers));
            for (ChildJvm worker : workers) {
                Arena.require("is the exit code of a worker process", worker.end(), 0);
            }
            return rate;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("The worker processes could not be controlled", e);
        } finally {
            workers.forEach(ChildJvm::close);
        }
    }

    private static long awaitRan(List<ChildJvm> workers, long steps) throws IOException, InterruptedException {
        long last = -1;
        long since = System.nanoTime();
        while (true) {
            long now = ran(workers);
            if (now >= steps) {
                return now;
            }
            if (now != last) {
                last = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > Steps.PATIENCE.toNanos()) {
                throw new IllegalStateException("Only " + now + " of " + steps + " steps ran, and none since "
                        + Steps.PATIENCE + ", in " + workers.size() + " processes");
            }
            Thread.sleep(5);
        }
    }

    private static long ran(List<ChildJvm> workers) throws IOException {
        long ran = 0;
        for (ChildJvm worker : workers) {
            worker.send(WorkerMain.COUNT);
            String answer = worker.readLine();
            if (answer == null) {
                throw new IllegalStateException("A worker process ended before it was told to");
            }
            ran += Long.parseLong(answer);
        }
        return ran;
    }

    private void costs(int operations) throws SQLException {
        try (Arena arena = arena(Job.THREE)) {
            // Counting costs a little; so it is done only here.
            server.execute(
                    "ALTER DATABASE \"" + arena.database() + "\" SET pg_stat_statements.track = 'top'",
                    "ALTER DATABASE \"" + arena.database() + "\" SET pg_stat_statements.track_planning = on",
                    "SELECT pg_stat_statements_reset()");
            Probe probe = arena.probe();
            arena.open();
            arena.shut();
            long begin = System.nanoTime();
            Contender system = arena.open();
            print("open", millisSince(begin), "ms");
            long commits = probe.commits();
            long statements = statements(arena);
            long wal = probe.walBytes();
            long bytes = probe.databaseBytes();
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            threads.resetPeakThreadCount();
            if (entrant.queues()) {
                system.enqueueAll(0, operations, Duration.ZERO);
            }
            begin = System.nanoTime();
            system.start();
            print("start", millisSince(begin), "ms");
            if (!entrant.queues()) {
                system.enqueueAll(0, operations, Duration.ZERO);
            }
            arena.steps().await((long) operations * Job.THREE.steps());
            arena.requireDone(system, operations, /* left= */ 0);
            print("threads", threads.getPeakThreadCount(), "threads");
            System.gc();
            print(
                    "heap",
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6,
                    "MB");
            printPerOperation("wal", probe.walBytes() - wal, operations, "bytes");
            print("disk", (double) (probe.databaseBytes() - bytes) / operations, "bytes/operation");
            arena.shut();
            printPerOperation("commits", probe.commits() - commits, operations, "commits");
            printPerOperation("statements", statements(arena) - statements, operations, "statements");
            printStatements(arena);
            for (Map.Entry<String, Double> share : probe.hotShares(operations).entrySet()) {
                print("hot-" + share.getKey(), share.getValue(), "%");
            }
        }
    }

    /** Where the server's time went: the statements that took most of it. */
    private void printStatements(Arena arena) throws SQLException {
        try (Probe probe = new Probe(server, "postgres")) {
            for (String line :
                    probe.texts("SELECT format('statement %s calls %s rows %s planned %s ms executed %s ms: %s',"
                            + " '" + entrant.label() + "', calls, rows, round(total_plan_time::numeric, 1),"
                            + " round(total_exec_time::numeric, 1), left(regexp_replace(query, '\\s+', ' ', 'g'), 90))"
                            + " FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid"
                            + " WHERE d.datname = '" + arena.database() + "'"
                            + " ORDER BY total_plan_time + total_exec_time DESC LIMIT 8")) {
                out.println(line);
            }
        }
    }

    private long statements(Arena arena) throws SQLException {
        try (Probe probe = new Probe(server, "postgres")) {
            return probe.ask("SELECT coalesce(sum(calls), 0) FROM pg_stat_statements s JOIN pg_database d"
                    + " ON d.oid = s.dbid WHERE d.datname = '" + arena.database() + "'");
        }
    }

    private void backlog(int operations) throws SQLException {
        try (Arena arena = arena(Job.THREE)) {
            Contender system = arena.open();
            for (int first = 0; first < size.backlog(); first += FILL) {
                system.enqueueAll(first, Math.min(FILL, size.backlog() - first), Duration.ZERO);
            }
            for (int i = 0; i < repetitions; i++) {
                system = arena.open();
                long before = arena.steps().ran();
                long left = arena.probe().count(system.pending());
                system.start();
                arena.steps().await(before + 1);
                long begin = System.nanoTime();
                // Steps, since some systems begin with all operations before they go on with any.
                long part = Math.min((long) operations, left) * Job.THREE.steps();
                arena.steps().await(before + part);
                print("backlog", perSecond(part, System.nanoTime() - begin) / Job.THREE.steps(), RATE);
            }
            arena.shut();
            String recorded = system.recorded();
            if (recorded != null) {
                Arena.require(
                        "steps are recorded",
                        arena.probe().count(recorded),
                        arena.steps().ran());
            }
        }
    }

    private void finished(int operations) throws SQLException {
        try (Arena arena = arena(Job.THREE)) {
            // Stores the definition.
            drain(arena, arena.open(), -1, 1, /* left= */ 0);
            arena.shut();
            try (Connection connection = server.dataSource(arena.database()).getConnection()) {
                for (int done = 0; done < size.finished(); done += FILL) {
                    BackOpsContender.addFinished(connection, Math.min(FILL, size.finished() - done));
                }
            }
            // As autovacuum would have done in the time that it takes to finish so many.
            arena.probe().execute("VACUUM ANALYZE");
            for (int i = 0; i < repetitions; i++) {
                Contender system = arena.open();
                print("finished", drain(arena, system, (long) i * operations, operations, /* left= */ 0), RATE);
            }
            long all = size.finished() + 1L + (long) repetitions * operations;
            Arena.require("steps are recorded", arena.probe().count("backops.step"), all * Job.THREE.steps());
            BackOps backOps = ((BackOpsContender) arena.open()).backOps();
            print("page-newest", millisPerPage(backOps, Search.all()), "ms");
            print("page-failed", millisPerPage(backOps, Search.of(Status.FAILED)), "ms");
        }
    }

    private static double millisPerPage(BackOps backOps, Search search) {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < PAGES; i++) {
            long begin = System.nanoTime();
            backOps.operations().list(search);
            millis.add(millisSince(begin));
        }
        return percentile(millis, 50);
    }

    /** The same twice: what such a time does to any table, and what the open transaction adds to that. */
    private void pinned(int operations) throws SQLException {
        try (Arena arena = arena(Job.THREE)) {
            drainOnAndOn("sustained", arena, operations);
        }
        try (Arena arena = arena(Job.THREE);
                Connection old = server.dataSource(arena.database()).getConnection();
                Statement statement = old.createStatement()) {
            statement.execute(Probe.ASIDE);
            old.setAutoCommit(false);
            old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.execute("SELECT pg_current_xact_id()");
            drainOnAndOn("pinned", arena, operations);
            old.rollback();
        }
    }

    /** Drains for a time, and prints the drains behind that. */
    private void drainOnAndOn(String name, Arena arena, int operations) throws SQLException {
        long end = System.nanoTime() + size.pinned().toNanos();
        long first = 0;
        for (int counted = 0; counted < repetitions; first += operations) {
            boolean counts = System.nanoTime() - end > 0;
            double rate = drain(arena, arena.open(), first, operations, /* left= */ 0);
            if (counts) {
                print(name, rate, RATE);
                counted++;
            }
        }
        arena.requireDone(arena.open(), first, /* left= */ 0);
    }

    private Arena arena(Job job) throws SQLException {
        databases++;
        return new Arena(server, entrant, entrant.label() + "-" + databases, job);
    }

    private void printPerOperation(String name, long total, int operations, String unit) {
        print(name, (double) total / operations, unit + "/operation");
        print(name + "-per-step", (double) total / operations / Job.THREE.steps(), unit + "/step");
    }

    private void print(String name, double value, String unit) {
        out.println(new Figures.Figure(entrant.label(), name, value, unit).line());
    }

    private static double perSecond(long operations, long nanos) {
        return operations * 1e9 / nanos;
    }

    private static double millisSince(long begin) {
        return (System.nanoTime() - begin) / 1e6;
    }

    private static double percentile(List<Double> values, int percent) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }
}
