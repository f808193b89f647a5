package dev.backops.chaos;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.backops.BackOps;
import dev.backops.BackOpsException;
import dev.backops.Enqueued;
import dev.backops.Status;
import dev.backops.codegen.OperationClient;
import dev.backops.codegen.Values;
import dev.backops.testkit.WorkerProcesses;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** The program of the processes under test: runs transfers, and does what its input says until that ends. */
final class ChaosWorker {

    static final Duration LEASE = Duration.ofSeconds(3);

    /** Said to a process that is to enqueue and to cancel as well. */
    static final String BUSY = "busy";

    /** Said to a process, with a time in ms: for so long it has no connection left for anything. */
    static final String TAKE_ALL = "take-all ";

    /** Said to a process, with the name of the step in whose next run it stops itself. */
    static final String STOP_IN = "stop-in ";

    private static final int CONNECTIONS = 16;

    private ChaosWorker() {}

    /** Takes the URLs of the database and of the log, and what the process is told at first, if anything. */
    public static void main(String... arguments) throws IOException {
        StoppingPoint stop = new StoppingPoint();
        try (HikariDataSource elsewhere = pool(arguments[1]);
                HikariDataSource pool = pool(arguments[0])) {
            RunLog log = new RunLog(elsewhere);
            try (BackOps backOps = BackOps.builder(pool)
                    .lease(LEASE)
                    .pollInterval(Duration.ofMillis(200))
                    .concurrency(8)
                    .keep(Status.CANCELLED, Duration.ZERO)
                    .build()) {
                backOps.register(Transfer.steps(log, stop));
                Mixed.register(backOps);
                backOps.start();
                System.out.println(WorkerProcesses.STARTED);
                if (arguments.length > 2 && arguments[2].equals(BUSY)) {
                    daemon(() -> enqueueAndCancel(backOps, pool, log));
                }
                BufferedReader said = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                for (String line = said.readLine(); line != null; line = said.readLine()) {
                    if (line.startsWith(STOP_IN)) {
                        stop.set(line.substring(STOP_IN.length()));
                    } else if (line.startsWith(TAKE_ALL)) {
                        Duration time = Duration.ofMillis(Long.parseLong(line.substring(TAKE_ALL.length())));
                        daemon(() -> takeAll(pool, time));
                    }
                }
            }
        }
    }

    private static void daemon(Runnable body) {
        Thread thread = new Thread(body, "chaos");
        thread.setDaemon(true);
        thread.start();
    }

    /** In every way there is, until the process ends. */
    private static void enqueueAndCancel(BackOps backOps, HikariDataSource pool, RunLog log) {
        OperationClient client = backOps.client(Transfer.DEFINITION);
        while (!pool.isClosed()) {
            try {
                log.acknowledged(List.of(client.enqueue(Values::none).id()));
                log.acknowledged(List.of(client.key(UUID.randomUUID().toString())
                        .enqueue(Values::none)
                        .id()));
                log.acknowledged(List.of(client.after(Duration.ofMillis(100))
                        .enqueue(Values::none)
                        .id()));
                log.acknowledged(client.enqueueAll(Collections.nCopies(3, Values.none()), values -> values).stream()
                        .map(Enqueued::id)
                        .toList());
                log.acknowledged(List.of(Jdbi.create(pool)
                        .inTransaction(handle -> client.in(handle).enqueue(Values::none))
                        .id()));
                long unwanted = client.enqueue(Values::none).id();
                log.cancelling(unwanted);
                backOps.operations().cancel(unwanted);
            } catch (BackOpsException | JdbiException e) {
                System.out.println("not acknowledged: " + e);
            }
            LockSupport.parkNanos(Duration.ofMillis(250).toNanos());
        }
    }

    /** Somebody else's code, which leaks connections and then gives them back. */
    private static void takeAll(HikariDataSource pool, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        List<Connection> taken = new ArrayList<>();
        while (System.nanoTime() < end) {
            try {
                taken.add(pool.getConnection());
            } catch (SQLException e) {
                // There is none: that is what this is about.
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            }
        }
        for (Connection connection : taken) {
            try (connection) {
                LockSupport.parkNanos(1);
            } catch (SQLException e) {
                System.out.println("a broken connection: " + e);
            }
        }
    }

    static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        // So that a connection nobody answers on is given up in the time of a test.
        config.addDataSourceProperty("socketTimeout", "2");
        config.addDataSourceProperty("connectTimeout", "2");
        config.setConnectionTimeout(Duration.ofSeconds(1).toMillis());
        config.setInitializationFailTimeout(Duration.ofSeconds(10).toMillis());
        return new HikariDataSource(config);
    }
}
