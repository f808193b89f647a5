package dev.backops.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.backops.BackOps;
import dev.backops.Operations;
import dev.backops.Search;
import dev.backops.Status;
import dev.backops.embedded.EmbeddedDatabase;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Jdbi;

/**
 * Measures how long each page of the inspection takes among many finished operations, in Java and as the questions of
 * {@code docs/sql.md}, on a PostgreSQL of its own that commits durably.
 *
 * <p>Arguments: the number of operations (default 10,000,000, which take some 15 GB), and a directory that is kept, so that the
 * next run finds them there.
 */
public final class InspectionBenchmark {

    private static final int CHUNK = 250_000;
    private static final int TURNS = 9;

    /** What takes longer is measured once. */
    private static final double LONG_MILLIS = 5_000;

    /* One in a hundred has failed once, and one in a thousand for good; the newest are yet to run. Enqueued over a hundred days. */
    private static final String OPERATIONS = """
        INSERT INTO backops.operation
          (definition, name, params, steps_done, next_step, outputs, outcome, created_at, finished_at)
        SELECT d.id, d.name, jsonb_build_object('number', i, 'customer', 'customer ' || i % 100000),
          CASE WHEN ended THEN 3 WHEN fresh THEN 0 ELSE 1 END,
          CASE WHEN ended THEN NULL WHEN fresh THEN 'charge' ELSE 'ship' END,
          CASE WHEN ended THEN jsonb_build_object('receipt', 'r' || i) END,
          CASE WHEN state IS NULL THEN 'completed' WHEN ended THEN state END,
          at, CASE WHEN ended THEN at + (i % 100) * interval '1 second' END
        FROM made, backops.definition d ORDER BY i
        """;

    private static final String WORK = """
        INSERT INTO backops.work (operation_id, run_at, created_at, worker, definition, attempts, priority, state)
        SELECT i, CASE WHEN state IN ('scheduled', 'retrying') THEN now() + i % 86400 * interval '1 second' ELSE at END,
          at, CASE WHEN state = 'running' THEN 7 END, d.id, CASE state WHEN 'failed' THEN 3 WHEN 'retrying' THEN 2 ELSE 0 END, 1,
          CASE state WHEN 'retrying' THEN 'scheduled' ELSE state END
        FROM made, backops.definition d WHERE state IS NOT NULL ORDER BY i
        """;

    private static final String STEPS = """
        INSERT INTO backops.step (operation_id, started_at, finished_at, worker, seq, token, attempts, name, status, outputs)
        SELECT i, at + i % 100 * interval '1 second' - (3 - seq) * interval '10 ms',
              at + i % 100 * interval '1 second' - (2 - seq) * interval '10 ms', 7, seq, 1, 1,
          (ARRAY['charge', 'ship', 'thank'])[seq + 1], 'completed',
          CASE seq WHEN 0 THEN jsonb_build_object('receipt', 'r' || i) END
        FROM made, generate_series(0, CASE WHEN ended THEN 2 WHEN fresh THEN -1 ELSE 0 END) AS seq ORDER BY i, seq
        """;

    private static final String FAILURES = """
        INSERT INTO backops.failure
          (operation_id, failed_at, worker, seq, token, attempt, step, error_class, message, frame, stack_trace)
        SELECT i, at + attempt * interval '1 second', 7, 1, 1, attempt, 'ship',
          'java.net.' || (ARRAY['ConnectException', 'SocketTimeoutException', 'UnknownHostException'])[i / 5000 % 3 + 1],
          'refused ' || i, 'Shop.java:' || i / 1000 % 5, repeat('at shop.Shop.ship(Shop.java)', 100)
        FROM made, generate_series(1, CASE state WHEN 'failed' THEN 3 WHEN 'retrying' THEN 2 ELSE (i % 100 = 7)::int END) AS attempt
        WHERE ended OR state IN ('failed', 'retrying') ORDER BY i, attempt
        """;

    private static final String MADE = """
        WITH numbered AS (
          SELECT i, now() - (${all} - i) * (interval '100 days' / ${all}) AS at,
            CASE WHEN i > ${all} - 5000 THEN 'ready' WHEN i > ${all} - 5100 THEN 'running'
              WHEN i % 1000 = 1 THEN 'failed' WHEN i % 1000 IN (2, 8) THEN 'scheduled' WHEN i % 1000 = 3 THEN 'cancelled'
              WHEN i % 1000 = 4 THEN 'compensated' WHEN i % 5000 = 5 THEN 'retrying' WHEN i % 10000 = 6 THEN 'paused'
              WHEN i % 10000 = 9 THEN 'waiting' END AS state
          FROM generate_series(${first}::bigint, ${last}) AS i),
        made AS (SELECT *, state IS NULL OR state IN ('cancelled', 'compensated') AS ended,
            coalesce(state, '') IN ('ready', 'scheduled') AS fresh FROM numbered)
        """;

    private final int operations;

    InspectionBenchmark(int operations) {
        this.operations = operations;
    }

    public static void main(String[] arguments) throws Exception {
        int operations = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000_000;
        EmbeddedDatabase.Builder server =
                arguments.length > 1 ? EmbeddedDatabase.at(Path.of(arguments[1])) : EmbeddedDatabase.temporary();
        new InspectionBenchmark(operations).run(server, System.out);
    }

    /** Fills the tables unless they are full, and prints and returns how many milliseconds each page takes. */
    Map<String, Double> run(EmbeddedDatabase.Builder builder, PrintStream out) throws Exception {
        try (EmbeddedDatabase server = builder.setting("shared_buffers", "256MB")
                .setting("max_wal_size", "4GB")
                .start()) {
            HikariConfig config = new HikariConfig();
            config.setDataSource(server.createDatabase("inspection"));
            config.setMaximumPoolSize(4);
            try (HikariDataSource pool = new HikariDataSource(config);
                    BackOps backOps = BackOps.builder(pool).build()) {
                OrderOperation orders = OrderOperation.on(backOps);
                backOps.register(OrderOperation.steps(new Order()));
                fill(pool, backOps.indexStatements(), out);
                return measure(pages(backOps, orders, pool), out);
            }
        }
    }

    private void fill(HikariDataSource pool, List<String> indexes, PrintStream out) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            if (Jdbi.create(pool)
                    .withHandle(handle -> handle.select("SELECT operation_id FROM backops.work LIMIT 1")
                            .mapTo(Long.class)
                            .findOne()
                            .isPresent())) {
                return;
            }
            long start = System.nanoTime();
            statement.execute("INSERT INTO backops.worker (id, host, pid, lease_end, lease, definitions)"
                    + " VALUES (7, 'here', 1, 'infinity', '15 s', ARRAY(SELECT id FROM backops.definition))");
            for (int first = 1; first <= operations; first += CHUNK) {
                String made = MADE.replace("${all}", Integer.toString(operations))
                        .replace("${first}", Integer.toString(first))
                        .replace("${last}", Integer.toString(Math.min(operations, first + CHUNK - 1)));
                for (String insert : List.of(OPERATIONS, WORK, STEPS, FAILURES)) {
                    statement.execute(made + insert);
                }
            }
            for (String index : indexes) {
                statement.execute(index);
            }
            statement.execute("VACUUM ANALYZE");
            out.printf("%,d operations written in %d s%n", operations, (System.nanoTime() - start) / 1_000_000_000);
        }
    }

    /** Every page by its name. */
    private Map<String, Callable<?>> pages(BackOps backOps, OrderOperation orders, HikariDataSource pool)
            throws IOException {
        Operations all = backOps.operations();
        Instant from = Instant.now().minus(Duration.ofDays(50));
        Instant to = from.plus(Duration.ofHours(1));
        long id = operations / 2;
        Map<String, Callable<?>> pages = new LinkedHashMap<>();
        pages.put("one operation", () -> all.find(id));
        pages.put("its steps", () -> all.steps(id));
        pages.put("its failures", () -> all.failures(id));
        pages.put("counts", all::counts);
        pages.put("failure groups", all::failureGroups);
        pages.put("newest of all", () -> all.list(Search.all()));
        pages.put("newest of a name", () -> orders.find().list());
        Search middle = Search.all().createdTo(from);
        pages.put("a page in the middle", () -> orders.find(middle).list());
        for (Status status : Status.values()) {
            pages.put("newest " + status.sql(), () -> orders.find(status).list());
            pages.put(
                    "count of " + status.sql(),
                    status == Status.COMPLETED
                            ? () -> orders.find(
                                            Search.of(status).createdFrom(from).createdTo(to))
                                    .count()
                            : () -> orders.find(status).count());
        }
        pages.put(
                "failed at a step",
                () -> orders.find(Search.of(Status.FAILED).step("ship")).list());
        pages.put(
                "failed at a step where none has",
                () -> orders.find(Search.of(Status.FAILED).step("thank")).list());
        pages.put(
                "at a step, any status",
                () -> orders.find(Search.all().step("ship")).list());
        pages.put(
                "of an error class",
                () -> orders.find(Search.all().errorClass("java.net.ConnectException"))
                        .list());
        pages.put(
                "of an error class that there is not",
                () -> orders.find(Search.all().errorClass("x.Y")).list());
        pages.put(
                "failed of an error class that there is not",
                () -> orders.find(Search.of(Status.FAILED).errorClass("x.Y")).list());
        pages.put(
                "in the hands of a worker",
                () -> orders.find(Search.all().worker(7)).list());
        pages.put(
                "created within an hour",
                () -> orders.find(Search.all().createdFrom(from).createdTo(to)).list());
        pages.put(
                "finished within an hour",
                () -> orders.find(Search.all().finishedFrom(from).finishedTo(to))
                        .list());
        pages.put(
                "finished within an hour, all names",
                () -> all.list(Search.all().finishedFrom(from).finishedTo(to)));
        pages.put(
                "completed within an hour",
                () -> orders.find(Search.of(Status.COMPLETED).finishedFrom(from).finishedTo(to))
                        .list());
        pages.put(
                "cancelled within an hour",
                () -> orders.find(Search.of(Status.CANCELLED).finishedFrom(from).finishedTo(to))
                        .list());
        pages.put(
                "finished since a minute",
                () -> orders.find(Search.all().finishedFrom(Instant.now().minus(Duration.ofMinutes(1))))
                        .list());
        pages.put("by an @Indexed param", () -> orders.find().number(id).list());
        pages.put(
                "by an @Indexed param, failed",
                () -> orders.find(Status.FAILED).number(id).list());
        pages.put(
                "by another param, failed",
                () -> orders.find(Status.FAILED).customer("customer 5").list());
        pages.put(
                "by another param",
                () -> orders.find(Search.all().limit(1)).customer("customer 5").list());
        pages.put(
                "by an output, failed",
                () -> orders.find(Status.FAILED).receipt("r" + operations / 2).list());
        questions().forEach((title, query) -> pages.put(title, () -> answer(pool, query)));
        return pages;
    }

    private static Map<String, String> questions() throws IOException {
        Path guide = Path.of("docs", "sql.md");
        Matcher question = Pattern.compile(
                        "^### (\\d+\\. .*?)\\n.*?^```sql\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(Files.readString(
                        Files.exists(guide) ? guide : Path.of("..").resolve(guide)));
        Map<String, String> questions = new LinkedHashMap<>();
        while (question.find()) {
            questions.put(question.group(1), question.group(2));
        }
        return questions;
    }

    /** Some questions repair something; the next turn finds it as it was. */
    private static int answer(HikariDataSource pool, String query) {
        return Jdbi.create(pool).withHandle(handle -> {
            handle.begin();
            int rows = handle.createQuery(query).mapToMap().list().size();
            handle.rollback();
            return rows;
        });
    }

    private static Map<String, Double> measure(Map<String, Callable<?>> pages, PrintStream out) throws Exception {
        out.printf("%-75s %10s %10s %10s%n", "milliseconds", "first", "least", "median");
        Map<String, Double> medians = new LinkedHashMap<>();
        for (Map.Entry<String, Callable<?>> page : pages.entrySet()) {
            double first = millis(page.getValue());
            double[] others = {first};
            if (first < LONG_MILLIS) {
                others = new double[TURNS];
                for (int turn = 0; turn < TURNS; turn++) {
                    others[turn] = millis(page.getValue());
                }
            }
            Arrays.sort(others);
            double median = others[others.length / 2];
            medians.put(page.getKey(), median);
            out.printf(Locale.ROOT, "%-75s %10.1f %10.1f %10.1f%n", page.getKey(), first, others[0], median);
        }
        return medians;
    }

    private static double millis(Callable<?> page) throws Exception {
        long start = System.nanoTime();
        page.call();
        return (System.nanoTime() - start) / 1e6;
    }
}
