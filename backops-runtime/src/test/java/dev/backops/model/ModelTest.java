package dev.backops.model;

import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.backops.codegen.StepDefinition;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/**
 * Random operations and random commands: the runtime does what the model says, seen after each command. What went wrong is told
 * by its seed and the fewest commands that were found to do it.
 *
 * <p>System properties: {@code backops.model.seed} is the first seed, {@code backops.model.runs} how many follow from there, {@code
 * backops.model.minutes} for how long instead, {@code backops.model.commands} how many commands each has, {@code
 * backops.model.keep} which of them to run alone, as a report names them.
 */
class ModelTest {

    private static final Duration SHRINKING = Duration.ofMinutes(3);

    /** How long to wait for what the model says. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration LITTLE_PATIENCE = Duration.ofSeconds(4);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.backops.internal");
    private @Nullable Level level;

    /** What the loops of processes that are cut off complain of is no news. */
    @BeforeEach
    void quieten() {
        level = logger.getLevel();
        logger.setLevel(Level.OFF);
    }

    @AfterEach
    void loudAgain() throws InterruptedException {
        Reality.awaitClosed();
        logger.setLevel(level);
    }

    @Test
    void runtime_doesWhatTheModelSays() {
        long first = Long.getLong("backops.model.seed", 1);
        int runs = Integer.getInteger("backops.model.runs", 6);
        int length = Integer.getInteger("backops.model.commands", 50);
        Duration limit = Duration.ofMinutes(Integer.getInteger("backops.model.minutes", 0));
        Instant start = Instant.now();
        int commands = 0;
        for (long seed = first;
                limit.isZero() ? seed < first + runs : Instant.now().isBefore(start.plus(limit));
                seed++) {
            Scenario whole = Scenario.of(seed, length);
            Scenario scenario = whole.keeping(System.getProperty("backops.model.keep", ""));
            Optional<Difference> difference = run(scenario, PATIENCE);
            if (difference.isPresent()) {
                // Should somebody lose their patience while it is made smaller.
                int found = commands + difference.get().commands().size();
                System.out.println("model seed " + seed + " differs after " + found + " commands: "
                        + difference.get().error());
                Difference least = shrunk(scenario, difference.get());
                fail(report(whole, least), least.error());
            }
            commands += scenario.commands().size();
        }
        System.out.println("model commands " + commands + " seconds "
                + Duration.between(start, Instant.now()).toSeconds());
    }

    /** Runs commands; returns what went wrong, if anything did. */
    private Optional<Difference> run(Scenario scenario, Duration patience) {
        Model model = new Model(scenario.versions(), Instant.now().truncatedTo(ChronoUnit.SECONDS));
        int done = 0;
        try (Reality reality = new Reality(database.jdbcUrl(), database.dataSource(), scenario.versions(), patience)) {
            for (Command command : scenario.commands()) {
                done++;
                if (command.fits(model)) {
                    step(command, model, reality);
                }
            }
            return Optional.empty();
        } catch (AssertionError | RuntimeException e) {
            return Optional.of(new Difference(scenario.commands().subList(0, done), e));
        }
    }

    private static void step(Command command, Model model, Reality reality) {
        String answer = command.run(reality, model);
        String expected = command.predict(model);
        if (!answer.equals(expected)) {
            throw new AssertionError("the model answers \"" + expected + "\", the runtime \"" + answer + "\"");
        }
        model.settle();
        reality.awaitSame(model);
    }

    /** Leaves out halves, quarters … of the commands, at last single ones, as long as something goes wrong without them. */
    private Difference shrunk(Scenario scenario, Difference found) {
        Instant end = Instant.now().plus(SHRINKING);
        Difference least = found;
        int chunk = least.commands().size() / 2;
        while (chunk > 0 && Instant.now().isBefore(end)) {
            int from = 0;
            while (from < least.commands().size() && Instant.now().isBefore(end)) {
                List<Command> fewer = new ArrayList<>(least.commands());
                fewer.subList(from, Math.min(fewer.size(), from + chunk)).clear();
                Optional<Difference> still = run(scenario.with(fewer), LITTLE_PATIENCE);
                least = still.orElse(least);
                from = still.isPresent() ? from : from + chunk;
            }
            chunk /= 2;
        }
        return least;
    }

    private static String report(Scenario scenario, Difference difference) {
        String commands = IntStream.range(0, difference.commands().size())
                .mapToObj(i -> (i + 1) + ". " + difference.commands().get(i))
                .collect(Collectors.joining("\n"));
        String steps = scenario.versions().stream()
                .flatMap(version -> version.definition().steps().stream()
                        .map(step -> version + " " + version.definition() + ": " + describe(step)))
                .collect(Collectors.joining("\n"));
        return "The runtime does not do what the model says; -Dbackops.model.seed=" + scenario.seed()
                + " -Dbackops.model.commands=" + scenario.commands().size() + " -Dbackops.model.keep="
                + scenario.places(difference.commands()) + "\n" + steps
                + "\n" + commands + "\n" + difference.error();
    }

    private static String describe(StepDefinition step) {
        return step.branch() + " " + step.name() + " formerly " + step.formerNames() + " reads " + step.reads()
                + " outputs "
                + step.outputs().stream()
                        .map(output -> output.name() + (output.nullable() ? "?" : ""))
                        .toList()
                + (step.alwaysJumps() ? " always jumps " : " jumps ") + step.jumps() + " then " + step.then()
                + " onFailure " + step.onFailure() + " delay " + step.delay() + " at " + step.at() + " attempts "
                + step.retry().maxAttempts() + " backoff " + step.retry().backoff()
                + (step.isTransactional() ? " transactional" : "");
    }

    /** The commands up to the one after which something was wrong, and what. */
    private record Difference(List<Command> commands, Throwable error) {}
}
