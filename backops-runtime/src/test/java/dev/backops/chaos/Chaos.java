package dev.backops.chaos;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command that throws faults for a chosen time; it ends with 1 if anything was lost, repeated, doubled or run twice at once. */
@Command(name = "chaos", mixinStandardHelpOptions = true, sortOptions = false)
final class Chaos implements Callable<Integer> {

    private static final List<Logger> LOGGERS = Stream.of("dev.backops", "com.zaxxer")
            .map(name -> (Logger) LoggerFactory.getLogger(name))
            .toList();

    @Option(names = "--minutes", description = "For how long, at least one round of each kind.")
    private int minutes = 10;

    @Option(names = "--kinds", split = ",", description = "Which of ${COMPLETION-CANDIDATES}; default: all.")
    private List<FaultKind> kinds = FaultKind.possible();

    @Option(names = "--enough", description = "Stop before when each kind was thrown so often.")
    private int enough = Integer.MAX_VALUE;

    @Option(names = "--strikes", description = "How often in a row, before all operations are to come to their end.")
    private int strikes = 6;

    @Option(names = "--seed", description = "Begins the random numbers.")
    private long seed = System.nanoTime();

    @Option(names = "--directory", description = "Below it the history is kept.")
    private Path directory = Path.of("target", "chaos");

    private Chaos() {}

    public static void main(String... arguments) {
        CommandLine command = new CommandLine(new Chaos()).setCaseInsensitiveEnumValuesAllowed(true);
        System.exit(command.execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        quieten();
        Instant end = Instant.now().plus(Duration.ofMinutes(minutes));
        try (Campaign campaign = new Campaign(directory.resolve(Long.toString(seed)), kinds, seed)) {
            return campaign.run(end, enough, strikes) ? 0 : 1;
        }
    }

    /** What everybody complains of while the database is away is no news. */
    static void quieten() {
        LOGGERS.forEach(logger -> logger.setLevel(Level.OFF));
    }

    static void loudAgain() {
        LOGGERS.forEach(logger -> logger.setLevel(null));
    }
}
