package dev.backops.examples.subscriptions;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.backops.BackOpsException;
import dev.backops.examples.subscriptions.StopSignal.StoppedException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program: takes options, opens a database, runs the job, and says in one line what is wrong where it cannot. */
@Command(
        name = "FulfillSubscriptions",
        customSynopsis = "mvn -q -pl backops-examples -am compile exec:java -Dexec.args=\"<options>\"",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Fulfills the subscriptions of a CSV file, step by step, on a real PostgreSQL: charges the card, sets up the"
                    + " account, sends the receipt, schedules a reminder.",
            "",
            "Kill it at any moment and run it again: it goes on where it was, and charges nobody twice."
        },
        footer = {
            "",
            "The card and the address of a row decide what happens to it:",
            "  maestro-....              the gateway is down for it, until it recovers",
            "  ....-0002, -0069, -9995   the card is declined",
            "  ....-3220                 the card is charged, but the first answer gets lost",
            "  @closed.example.com       there is no such mailbox",
            "  @example.net              the mail server says: not now, later",
            "",
            "The exit code is 0 if all ended as expected, 1 if not or if the file or the database cannot be used, and 2 for"
                    + " wrong options."
        })
public final class FulfillSubscriptions implements Callable<Integer> {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int STOPPED = 130;

    /** Where logback.xml looks for the name of the log, so this is set before anything logs. */
    private static final String LOG_FILE = "backops.examples.log";

    private static final Path DEFAULT_DIRECTORY = Path.of(".backops");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--file",
            paramLabel = "<csv>",
            description = "The subscriptions, UTF-8, with the columns subscription_id,email,plan,amount,currency,card,"
                    + "renews_on; default: 300 of the example.")
    private @Nullable Path file;

    @Option(
            names = "--data-dir",
            paramLabel = "<directory>",
            defaultValue = ".backops",
            description = "Where the database and the log are kept; default: ${DEFAULT-VALUE} where you are.")
    private Path dataDirectory = DEFAULT_DIRECTORY;

    @Option(names = "--fresh", description = "Throw away the database in the data directory and start over.")
    private boolean fresh;

    @Option(
            names = "--jdbc-url",
            paramLabel = "<url>",
            description =
                    "An existing PostgreSQL to use instead, like jdbc:postgresql://localhost/shop. The schemas backops"
                            + " and gateway are created in it.")
    private @Nullable String jdbcUrl;

    @Option(names = "--user", paramLabel = "<name>", description = "The user for --jdbc-url, if not part of it.")
    private @Nullable String user;

    @Option(
            names = "--password",
            paramLabel = "<password>",
            arity = "0..1",
            interactive = true,
            description = "The password for --jdbc-url, if not part of it; asked for where it is left out here.")
    private @Nullable String password;

    @Option(
            names = "--wait",
            description = "At the end, keep the database up for a look with psql, until Enter or Ctrl+C.")
    private boolean wait;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // its annotation is what counts
    private boolean help;

    private final Screen screen;
    private final PrintStream err;
    private final StopSignal stop;

    private FulfillSubscriptions(Screen screen, PrintStream err, StopSignal stop) {
        this.screen = screen;
        this.err = err;
        this.stop = stop;
    }

    public static void main(String[] args) {
        StopSignal stop = new StopSignal();
        Thread hook = new Thread(stop::stopAndAwaitEnd, "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        int exitCode;
        try {
            exitCode = run(Screen.standard(), System.err, stop, args);
        } finally {
            stop.ended();
        }
        if (exitCode != DONE) {
            System.exit(exitCode);
        }
    }

    /** Runs the program with its arguments; returns the exit code. */
    static int run(Screen screen, PrintStream err, StopSignal stop, String... args) {
        return new CommandLine(new FulfillSubscriptions(screen, err, stop))
                .setOut(new PrintWriter(screen.out(), /* autoFlush= */ true, UTF_8))
                .setErr(new PrintWriter(err, /* autoFlush= */ true, UTF_8))
                .execute(args);
    }

    @Override
    public Integer call() throws InterruptedException {
        checkOptions();
        try {
            return fulfill() ? DONE : FAILED;
        } catch (StoppedException e) {
            screen.print("Stopped. The same command goes on where this one was.");
            return STOPPED;
        } catch (JobException | BackOpsException e) {
            return failed(e, String.valueOf(e.getMessage()));
        } catch (JdbiException e) {
            return failed(e, "The database does not answer: " + JobException.reason(e));
        }
    }

    private int failed(Exception error, String reason) {
        LoggerFactory.getLogger(FulfillSubscriptions.class).error("The job cannot go on", error);
        err.println("Error: " + reason.lines().findFirst().orElse(""));
        return FAILED;
    }

    private void checkOptions() {
        if (jdbcUrl != null && fresh) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--fresh deletes nothing in a database of yours; to start over in it: DROP SCHEMA backops, gateway CASCADE");
        }
        if (jdbcUrl == null && (user != null || password != null)) {
            throw new ParameterException(spec.commandLine(), "--user and --password go with --jdbc-url");
        }
    }

    private boolean fulfill() throws InterruptedException {
        SubscriptionFile subscriptions = file == null ? SubscriptionFile.example() : SubscriptionFile.read(file);
        Report.file(screen, subscriptions);
        if (subscriptions.rows().isEmpty()) {
            throw new JobException(subscriptions.name() + " has no subscription to fulfill");
        }
        DataDirectory directory = DataDirectory.open(dataDirectory);
        System.setProperty(LOG_FILE, directory.log().toString());
        stop.check();
        String place = jdbcUrl == null ? "Starting PostgreSQL in " + directory : "Connecting to PostgreSQL";
        screen.print(place + " ...");
        try (JobDatabase database =
                jdbcUrl == null ? JobDatabase.embedded(directory, fresh) : JobDatabase.at(jdbcUrl, user, password)) {
            screen.print("PostgreSQL " + database.version() + ": " + database.url());
            boolean good = new FulfillmentJob(subscriptions, database, screen, stop).run();
            if (!good) {
                err.println("Error: some operations did not end as expected; the log is " + directory.log());
            }
            sayWhereToLook(database);
            return good;
        }
    }

    private void sayWhereToLook(JobDatabase database) throws InterruptedException {
        if (jdbcUrl != null) {
            screen.print("\nTo look around:\n  " + database.psql());
        } else if (wait) {
            screen.print("\nThe database stays up until you press Enter. In another terminal:\n  " + database.psql());
            stop.awaitEnterOrStop();
        } else {
            screen.print("\nThe database stops now. With -Dexec.args=\"--wait\" it stays up for a look.");
        }
    }
}
