package dev.backops.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.backops.BackOps;
import dev.backops.embedded.EmbeddedDatabase;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/**
 * Measures how fast one process drains a backlog of operations whose three steps do nothing, on a PostgreSQL of its own that
 * commits durably, and prints the median of the rounds with the least and the most.
 *
 * <p>Arguments: the number of operations in a round (default 50,000) and the number of rounds (default 5), after one round
 * to warm up.
 */
public final class DrainBenchmark {

    private static final int IDLE_OPERATIONS = 300;
    private static final int CONNECTIONS = 10;

    private final int operations;
    private final int rounds;

    DrainBenchmark(int operations, int rounds) {
        this.operations = operations;
        this.rounds = rounds;
    }

    public static void main(String[] arguments) throws Exception {
        int operations = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 50_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        new DrainBenchmark(operations, rounds).run(System.out);
    }

    /** Runs all rounds, each on a new database, and prints the figures. */
    List<Round> run(PrintStream out) throws SQLException, InterruptedException {
        try (EmbeddedDatabase server = EmbeddedDatabase.temporary()
                .setting("shared_buffers", "256MB")
                .setting("max_wal_size", "4GB")
                .start()) {
            out.println("PostgreSQL: " + settings(server));
            out.printf("%d operations of 3 steps a round, %d rounds after a warm-up%n", operations, rounds);
            Round[] results = new Round[rounds];
            round(server, "warm_up");
            for (int i = 0; i < rounds; i++) {
                results[i] = round(server, "round_" + i);
            }
            print(out, "enqueued in bulk, operations/s", results, Round::enqueuedPerSecond);
            print(out, "drained, operations/s", results, Round::drainedPerSecond);
            print(out, "WAL per operation with its enqueue, bytes", results, Round::walBytes);
            print(out, "one operation, idle system, ms (median)", results, Round::idleMillis);
            return List.of(results);
        }
    }

    private Round round(EmbeddedDatabase server, String name) throws SQLException, InterruptedException {
        HikariConfig config = new HikariConfig();
        config.setDataSource(server.createDatabase(name));
        config.setMaximumPoolSize(CONNECTIONS);
        try (HikariDataSource pool = new HikariDataSource(config);
                BackOps backOps = BackOps.builder(pool).build()) {
            NothingOperation nothings = NothingOperation.on(backOps);
            List<Nothing.Params> params = LongStream.range(0, operations)
                    .mapToObj(Nothing.Params::new)
                    .toList();
            long wal = ask(pool, "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint");
            long enqueue = System.nanoTime();
            nothings.enqueueAll(params);
            long drain = System.nanoTime();
            backOps.register(NothingOperation.steps(new Nothing()));
            backOps.start();
            while (ask(pool, "SELECT count(*) FROM (SELECT FROM backops.work LIMIT 1) AS w") > 0) {
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
            long end = System.nanoTime();
            long written = ask(pool, "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint") - wal;
            requireAllCompleted(pool);
            return new Round(
                    perSecond(drain - enqueue),
                    perSecond(end - drain),
                    (double) written / operations,
                    idle(backOps, nothings));
        }
    }

    /** A figure that comes from half the work is no figure. */
    private void requireAllCompleted(HikariDataSource pool) throws SQLException {
        long completed = ask(pool, "SELECT count(*) FROM backops.operations WHERE status = 'completed'");
        long steps = ask(pool, "SELECT count(*) FROM backops.steps");
        if (completed != operations || steps != 3L * operations) {
            throw new IllegalStateException(completed + " operations completed in " + steps + " steps");
        }
    }

    private static double idle(BackOps backOps, NothingOperation nothings) throws InterruptedException {
        double[] millis = new double[IDLE_OPERATIONS];
        for (int i = 0; i < millis.length; i++) {
            long start = System.nanoTime();
            backOps.await(nothings.enqueue(i).id(), Duration.ofSeconds(10));
            millis[i] = (System.nanoTime() - start) / 1e6;
        }
        return median(millis);
    }

    private double perSecond(long nanos) {
        return operations * 1e9 / nanos;
    }

    private static void print(PrintStream out, String name, Round[] rounds, ToDoubleFunction<Round> figure) {
        double[] values = Arrays.stream(rounds).mapToDouble(figure).toArray();
        double least = Arrays.stream(values).min().orElseThrow();
        double most = Arrays.stream(values).max().orElseThrow();
        out.printf("%-45s %,12.1f  (%,.1f to %,.1f)%n", name, median(values), least, most);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static String settings(EmbeddedDatabase server) throws SQLException {
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT format('%s, fsync %s, synchronous_commit %s, "
                        + "full_page_writes %s', current_setting('server_version'), current_setting('fsync'), "
                        + "current_setting('synchronous_commit'), current_setting('full_page_writes'))")) {
            row.next();
            return row.getString(1);
        }
    }

    private static long ask(HikariDataSource pool, String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** What one round measured. */
    record Round(double enqueuedPerSecond, double drainedPerSecond, double walBytes, double idleMillis) {}
}
