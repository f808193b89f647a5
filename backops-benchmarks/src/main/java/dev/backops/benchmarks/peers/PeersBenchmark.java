package dev.backops.benchmarks.peers;

import dev.backops.embedded.EmbeddedDatabase;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * Measures BackOps beside its peers, on a PostgreSQL of its own that commits durably, and prints a table, and a line per
 * figure and ratio for programs: {@code figure <system> <name> <median> <unit> <least> <most>} and
 * {@code ratio <name> <value>}.
 *
 * <p>Each round starts one JVM per system, one after the other. A system that fails is named at the end, and the exit code is 1.
 */
@Command(
        name = "peers",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures BackOps beside its peers, on a PostgreSQL of its own that commits durably.")
public final class PeersBenchmark implements Callable<Integer> {

    private static final int ROUNDS = 3;

    /** Enough that no checkpoint comes into a run and that the memory is no bottleneck for anybody. */
    private static final Map<String, String> SERVER = new TreeMap<>(Map.of(
            "shared_buffers", "1GB",
            "max_wal_size", "16GB",
            "checkpoint_timeout", "30min",
            "shared_preload_libraries", "pg_stat_statements",
            "pg_stat_statements.track", "none"));

    @Option(names = "--quick", description = "One round in small sizes: whether it runs, and magnitudes.")
    private boolean quick;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "<name>",
            description =
                    "The systems and workloads to run; all systems where none is named, and all workloads likewise.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--rounds", paramLabel = "<n>", description = "How often; by default 3, or 1 with --quick.")
    private Optional<Integer> rounds = Optional.empty();

    /** For the tests of this module. */
    @Option(names = "--tiny", hidden = true)
    private boolean tiny;

    private final PrintStream out;

    PeersBenchmark(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) {
        int code = run(System.out, arguments);
        if (code != CommandLine.ExitCode.OK) {
            System.exit(code);
        }
    }

    static int run(PrintStream out, String... arguments) {
        return new CommandLine(new PeersBenchmark(out)).execute(arguments);
    }

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        Set<Entrant> entrants = EnumSet.noneOf(Entrant.class);
        Set<Workload> workloads = EnumSet.noneOf(Workload.class);
        pick(entrants, workloads);
        int count = rounds.orElse(quick || tiny ? 1 : ROUNDS);
        if (count < 1) {
            throw new ParameterException(new CommandLine(this), "--rounds must be at least 1, but is " + count);
        }
        Figures figures = new Figures();
        List<String> failures = new ArrayList<>();
        EmbeddedDatabase.Builder builder = EmbeddedDatabase.temporary();
        SERVER.forEach(builder::setting);
        try (EmbeddedDatabase database = builder.start()) {
            Server server = new Server(database.port());
            server.execute("CREATE EXTENSION pg_stat_statements");
            printSettings(database, entrants, workloads);
            for (int round = 1; round <= count; round++) {
                for (Entrant entrant : entrants) {
                    out.printf("# round %d of %d: %s%n", round, count, entrant.label());
                    round(server, entrant, workloads, round, count, figures).ifPresent(failures::add);
                }
            }
        }
        out.println();
        figures.printTable(out);
        out.println();
        figures.printLines(out);
        failures.forEach(failure -> out.println("# failed: " + failure));
        return failures.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private void pick(Set<Entrant> entrants, Set<Workload> workloads) {
        for (String name : only) {
            Optional<Entrant> entrant = Arrays.stream(Entrant.values())
                    .filter(one -> one.label().equals(name))
                    .findFirst();
            Optional<Workload> workload = Arrays.stream(Workload.values())
                    .filter(one -> one.label().equals(name))
                    .findFirst();
            if (entrant.isEmpty() && workload.isEmpty()) {
                throw new ParameterException(
                        new CommandLine(this),
                        "--only takes systems and workloads, but \"" + name + "\" is neither. Systems: "
                                + labels(Arrays.stream(Entrant.values()).map(Entrant::label)) + ". Workloads: "
                                + labels(Arrays.stream(Workload.values()).map(Workload::label)) + ".");
            }
            entrant.ifPresent(entrants::add);
            workload.ifPresent(workloads::add);
        }
        if (entrants.isEmpty()) {
            entrants.addAll(EnumSet.allOf(Entrant.class));
        }
        if (workloads.isEmpty()) {
            workloads.addAll(EnumSet.allOf(Workload.class));
        }
    }

    private static String labels(Stream<String> labels) {
        return labels.collect(Collectors.joining(", "));
    }

    /** Returns what failed. */
    private Optional<String> round(
            Server server, Entrant entrant, Set<Workload> workloads, int round, int rounds, Figures figures)
            throws IOException, SQLException, InterruptedException {
        List<String> chosen = workloads.stream()
                .filter(workload -> entrant.does(workload) && (round == 1 || !workload.large()))
                .map(Workload::label)
                .toList();
        if (chosen.isEmpty()) {
            return Optional.empty();
        }
        // What the one before has left to write is not to be paid by this one.
        server.execute("CHECKPOINT");
        List<String> arguments = new ArrayList<>(
                List.of(Integer.toString(server.port()), entrant.label(), size().name(), Integer.toString(rounds)));
        arguments.addAll(chosen);
        try (ChildJvm child = ChildJvm.start(RoundMain.class, arguments.toArray(String[]::new))) {
            for (String line = child.readLine(); line != null; line = child.readLine()) {
                Optional<Figures.Figure> figure = Figures.Figure.parse(line);
                figure.ifPresent(figures::add);
                out.println("# " + line);
            }
            int code = child.end();
            return code == 0
                    ? Optional.empty()
                    : Optional.of(entrant.label() + " in round " + round + ", with exit code " + code);
        }
    }

    private Size size() {
        if (tiny) {
            return Size.TINY;
        }
        return quick ? Size.QUICK : Size.FULL;
    }

    private void printSettings(EmbeddedDatabase database, Set<Entrant> entrants, Set<Workload> workloads)
            throws SQLException {
        out.printf(
                Locale.ROOT,
                "# %s, %d cores, load %.1f, Java %s with %s%n",
                System.getProperty("os.name"),
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                System.getProperty("java.version"),
                String.join(" ", ChildJvm.OPTIONS));
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            List<String> settings = new ArrayList<>();
            for (String name : Stream.concat(
                            Stream.of("server_version", "fsync", "synchronous_commit", "full_page_writes"),
                            SERVER.keySet().stream())
                    .toList()) {
                try (ResultSet row = statement.executeQuery("SHOW " + name)) {
                    row.next();
                    settings.add(name + " " + row.getString(1));
                }
            }
            out.println("# PostgreSQL: " + String.join(", ", settings));
        }
        out.printf("# %d connections for each system%n", Arena.CONNECTIONS);
        for (Entrant entrant : entrants) {
            out.printf(
                    "# %s: %s; drains %d operations%n",
                    entrant.label(), entrant.settings(), entrant.share(size().operations()));
        }
        for (Workload workload : workloads) {
            out.printf("# %s: %s%n", workload.label(), workload.meaning());
        }
    }
}
