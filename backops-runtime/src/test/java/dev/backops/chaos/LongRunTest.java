package dev.backops.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.backops.BackOps;
import dev.backops.BackOpsException;
import dev.backops.Search;
import dev.backops.Status;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import dev.backops.testkit.WorkerProcesses;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A mixed load for a long time, while faults of random kinds are thrown at the processes, the network and the server: nothing
 * grows without a bound. This process runs operations from the begin to the end and is measured; two others come and go.
 *
 * <p>Measured is at rest: all operations at their end and deleted. The figures of the end are compared with those after a
 * fifth of the time.
 *
 * <p>System properties: {@code backops.longrun.minutes} says for how long, instead of some seconds; {@code backops.longrun.seed}
 * begins the random numbers.
 */
class LongRunTest {

    private static final Duration SHORT = Duration.ofSeconds(4);

    /** Faults that take no longer. */
    private static final List<FaultKind> QUICK = List.of(FaultKind.TERMINATE, FaultKind.RESET);

    /** Those that meet whatever runs. */
    private static final List<FaultKind> ALL = List.of(
            FaultKind.KILL,
            FaultKind.REPLACE,
            FaultKind.FREEZE,
            FaultKind.TERMINATE,
            FaultKind.POOL_FULL,
            FaultKind.STATEMENT_TIMEOUT,
            FaultKind.RESET,
            FaultKind.DELAY,
            FaultKind.HALF_OPEN,
            FaultKind.LOST_ANSWER,
            FaultKind.SERVER);

    private static final Duration KEPT = Duration.ofSeconds(1);

    private static final List<Status> OVER = List.of(Status.COMPLETED, Status.COMPENSATED, Status.CANCELLED);

    /** Leaves the machine to itself for half of the time. */
    private static final int PAUSE_MILLIS = 5;

    private static final int MOST_UNFINISHED = 1_000;

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @RegisterExtension
    final TestDatabase ledgerDatabase = new TestDatabase();

    @RegisterExtension
    final WorkerProcesses processes = new WorkerProcesses();

    @TempDir
    Path directory;

    @BeforeEach
    void quieten() {
        Chaos.quieten();
    }

    @AfterEach
    void loudAgain() {
        Chaos.loudAgain();
    }

    @Test
    void mixedLoad_underFaults_makesNothingGrowForEver() throws Exception {
        int minutes = Integer.getInteger("backops.longrun.minutes", 0);
        Duration length = minutes == 0 ? SHORT : Duration.ofMinutes(minutes);
        List<FaultKind> kinds = minutes == 0 ? QUICK : ALL;
        long seed = Long.getLong("backops.longrun.seed", System.nanoTime());
        System.out.println("long run seed " + seed + " for " + length);
        Random random = new Random(seed);
        SingleServer server = new SingleServer(directory.resolve("data"), Map.of());
        try (History history = new History(directory);
                Site site = new Site(
                        server, ledgerDatabase.dataSource(), ledgerDatabase.jdbcUrl(), processes, random, history)) {
            site.sql().execute(Mixed.BALANCES);
            try (HikariDataSource pool = ChaosWorker.pool(server.jdbcUrl());
                    BackOps backOps = BackOps.builder(pool)
                            .lease(ChaosWorker.LEASE)
                            .concurrency(8)
                            .keep(OVER.get(0), KEPT)
                            .keep(OVER.get(1), KEPT)
                            .keep(OVER.get(2), KEPT)
                            .build()) {
                Mixed.register(backOps);
                backOps.start();
                Load load = new Load(backOps);
                int faults = run(site, load, kinds, random, length.dividedBy(5));
                Figures begin = rest(site, backOps);
                System.out.println("long run begin " + begin);
                faults += run(site, load, kinds, random, length.multipliedBy(4).dividedBy(5));
                Figures end = rest(site, backOps);
                System.out.println("long run end " + end);
                System.out.printf(
                        "long run faults %d operations %d, and %d that were perhaps enqueued%n",
                        faults, load.enqueued, load.unsure);
                assertThat(begin.grown(end)).as("what has grown, seed " + seed).isEmpty();
                assertThat(site.sql().number("SELECT sum(bookings) FROM public.balance"))
                        .isBetween(load.booked, load.booked + load.unsureBookings);
            }
        }
    }

    /** Throws faults while there is load; returns how many. */
    private static int run(Site site, Load load, List<FaultKind> kinds, Random random, Duration length)
            throws Exception {
        Instant end = Instant.now().plus(length);
        int faults = 0;
        Thread thread = load.start();
        try {
            while (Instant.now().isBefore(end)) {
                faults += kinds.get(random.nextInt(kinds.size())).strike(site);
                site.heal();
                site.pause(Duration.ofMillis(500));
            }
        } finally {
            load.stopped = true;
            thread.join();
        }
        return faults;
    }

    /** Everything at its end, and deleted: not only when the runtime looks next, which it does every minute. */
    private static Figures rest(Site site, BackOps backOps) throws InterruptedException {
        await("the end of all operations")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(() -> {
                    cancelFailed(backOps);
                    Jdbi jdbi = Jdbi.create(site.direct());
                    OVER.forEach(status -> jdbi.useTransaction(
                            handle -> Tables.STORES.prunes().prune(handle, status, Duration.ZERO, Search.MAX_LIMIT)));
                    return site.sql().number("SELECT count(*) FROM backops.operation") == 0;
                });
        return Figures.now(site.sql());
    }

    private static void cancelFailed(BackOps backOps) {
        backOps.operations()
                .repair(Search.of(Status.FAILED).limit(Search.MAX_LIMIT))
                .cancel();
    }

    /** Enqueues, and cancels what has failed, until it is told to stop. */
    private static final class Load {

        private final BackOps backOps;
        private volatile boolean stopped;
        private long number;
        private long enqueued;
        private long booked;

        /** What was perhaps enqueued: the database went away. */
        private long unsure;

        private long unsureBookings;

        Load(BackOps backOps) {
            this.backOps = backOps;
        }

        Thread start() {
            stopped = false;
            Thread thread = new Thread(this::run, "load");
            thread.start();
            return thread;
        }

        private void run() {
            try {
                while (!stopped) {
                    enqueue();
                    Thread.sleep(PAUSE_MILLIS);
                    if (number % 500 == 0) {
                        tidyUp();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void enqueue() {
            number++;
            try {
                Mixed.enqueue(backOps, number);
                enqueued++;
                booked += Mixed.books(number) ? 1 : 0;
            } catch (BackOpsException e) {
                unsure++;
                unsureBookings += Mixed.books(number) ? 1 : 0;
            }
        }

        /** Also waits where more comes than is done. */
        private void tidyUp() throws InterruptedException {
            try {
                cancelFailed(backOps);
                while (!stopped
                        && backOps.operations().counts().stream()
                                        .mapToLong(count -> count.operations())
                                        .sum()
                                > MOST_UNFINISHED) {
                    Thread.sleep(100);
                }
            } catch (BackOpsException e) {
                // The database is away; it will be back.
            }
        }
    }
}
