package dev.backops.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.backops.testkit.Ledger;
import dev.backops.testkit.TestDatabase;
import dev.backops.testkit.WorkerProcesses;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Faults of every kind, thrown at processes that run operations: nothing that was acknowledged is lost, nothing that is
 * recorded runs again, and what a transactional step writes is there once. The last word of each kind is a line
 * {@code fault <kind> thrown <n> lost <n> repeated <n> doubled <n>}.
 *
 * <p>System properties: {@code backops.chaos.seed} begins the random numbers, {@code backops.chaos.minutes} says for how long
 * instead of one round of each kind, {@code backops.chaos.kinds} which kinds.
 */
class ChaosTest {

    static final Duration LEASE = Duration.ofSeconds(3);

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @RegisterExtension
    final TestDatabase ledgerDatabase = new TestDatabase();

    @RegisterExtension
    final WorkerProcesses processes = new WorkerProcesses();

    @TempDir
    Path directory;

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.backops");

    /** What the enqueuing process complains of while its database is away is no news. */
    @BeforeEach
    void quieten() {
        logger.setLevel(Level.OFF);
    }

    @AfterEach
    void loudAgain() {
        logger.setLevel(null);
    }

    @Test
    void faults_ofEveryKind_loseRepeatAndDoubleNothing() throws Exception {
        long seed = Long.getLong("backops.chaos.seed", System.nanoTime());
        Instant end = Instant.now().plus(Duration.ofMinutes(Integer.getInteger("backops.chaos.minutes", 0)));
        List<FaultKind> kinds = kinds();
        System.out.println("chaos seed " + seed);
        Random random = new Random(seed);
        List<Tally> tallies = kinds.stream().map(Tally::new).toList();
        Ledger ledger = new Ledger(ledgerDatabase.dataSource()).create();
        try (Site site = new Site(directory, ledgerDatabase, ledger, processes, random)) {
            do {
                for (Tally tally : tallies) {
                    round(site, tally);
                }
            } while (Instant.now().isBefore(end));
        }
        tallies.forEach(System.out::println);
        assertThat(tallies)
                .allSatisfy(tally ->
                        assertThat(tally.isClean()).as(tally + ", seed " + seed).isTrue());
    }

    private static void round(Site site, Tally tally) throws Exception {
        List<Long> acknowledged = new ArrayList<>();
        Enqueuing enqueuing = site.enqueue(acknowledged);
        try {
            tally.thrown += tally.kind.strike(site);
        } finally {
            enqueuing.stop();
        }
        site.heal();
        await("the end of all operations after " + tally.kind)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions()
                .until(() -> site.unfinished() == 0);
        tally.sum = tally.sum.plus(site.verdict(acknowledged));
        System.out.println(tally);
    }

    private static List<FaultKind> kinds() {
        String chosen = System.getProperty("backops.chaos.kinds", "");
        return chosen.isEmpty()
                ? List.of(FaultKind.values())
                : Arrays.stream(chosen.split(","))
                        .map(name -> FaultKind.valueOf(name.toUpperCase(Locale.ROOT)))
                        .toList();
    }

    /** What came of the faults of one kind. */
    private static final class Tally {

        private final FaultKind kind;
        private int thrown;
        private Verdict sum = Verdict.NONE;

        Tally(FaultKind kind) {
            this.kind = kind;
        }

        boolean isClean() {
            return thrown > 0 && sum.isClean();
        }

        @Override
        public String toString() {
            return "fault %s thrown %d lost %d repeated %d doubled %d (of %d operations)"
                    .formatted(
                            kind.name().toLowerCase(Locale.ROOT),
                            thrown,
                            sum.lost(),
                            sum.repeated(),
                            sum.doubled(),
                            sum.operations());
        }
    }
}
