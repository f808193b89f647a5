package dev.backops.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.internal.schema.Migrations;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.util.PGInterval;

/** Runs the queries of docs/sql.md, in their order, on operations in every state. */
class SqlGuideTest {

    /** The answers, without the columns that hold times. */
    private static final Map<Integer, List<String>> ANSWERS = Map.ofEntries(
            Map.entry(
                    1,
                    List.of(
                            "orders.order|failed|ship|2",
                            "orders.order|paused|charge|1",
                            "orders.order|ready|charge|1",
                            "orders.order|retrying|charge|1",
                            "orders.order|running|charge|1",
                            "orders.order|scheduled|charge|1")),
            Map.entry(
                    2,
                    List.of(
                            "orders.order|ship|java.net.ConnectException|Shop.java:5|2|2|7|refused 7",
                            "orders.order|charge|java.lang.IllegalStateException|Shop.java:5|1|0|2|down 2")),
            Map.entry(3, List.of("1|failed|ship|refused 1")),
            Map.entry(4, List.of("1|failed|ship")),
            Map.entry(
                    5,
                    List.of(
                            "0|charge|completed|1|null|{\"receipt\": \"r1\"}",
                            "1|ship|failed|2|null|refused 1|null",
                            "2|thank|pending|0|null|null|null")),
            Map.entry(6, List.of("java.net.ConnectException: refused 1")),
            Map.entry(
                    7,
                    List.of(
                            "ship|1|java.net.ConnectException|refused 1|here|1",
                            "ship|2|java.net.ConnectException|refused 1|here|1")),
            Map.entry(
                    8,
                    List.of(
                            "1|orders.order|ship|java.net.ConnectException",
                            "7|orders.order|ship|java.net.ConnectException")),
            Map.entry(9, List.of("3|orders.order|charge|0|here|1")),
            Map.entry(10, List.of("here|1|true|1")),
            Map.entry(11, List.of("orders.order|1")),
            Map.entry(12, List.of("5|orders.order|charge")),
            Map.entry(13, List.of("2|orders.order|charge|2|java.lang.IllegalStateException|down 2")),
            Map.entry(14, List.of("8|orders.order|paused|charge")),
            Map.entry(15, List.of("orders.order|completed|1")),
            Map.entry(16, List.of("charge|3", "ship|1", "thank|1")),
            Map.entry(
                    17,
                    List.of(
                            "1|{\"runs\": [\"ship\", \"thank\"], \"again\": []}|null",
                            "7|{\"runs\": [\"ship\", \"thank\"], \"again\": []}|null")),
            Map.entry(18, List.of("true")),
            Map.entry(19, List.of("{\"runs\": [\"ship\", \"thank\"], \"again\": []}")),
            Map.entry(
                    20,
                    List.of(
                            "2|skip|ann|charged by phone|retrying|ready",
                            "8|cancel|ann|the customer has called it off|paused|cancelled",
                            "7|resume|ann|the gateway is back|failed|ready",
                            "1|resume|ann|the gateway is back|failed|ready")));

    @RegisterExtension
    final TestDatabase testDatabase = new TestDatabase();

    private final Tables tables = new Tables(testDatabase);

    @Test
    void everyQuestion_isAnswered() throws Exception {
        new Migrations("backops", testDatabase.dataSource()).migrate();
        fill();
        Map<Integer, List<String>> answers = new TreeMap<>();

        questions().forEach((number, query) -> answers.put(number, answer(query)));

        assertThat(answers).isEqualTo(new TreeMap<>(ANSWERS));
    }

    private static Map<Integer, String> questions() throws Exception {
        String guide = Files.readString(Path.of("..", "docs", "sql.md"));
        Matcher question = Pattern.compile("^### (\\d+)\\. .*?^```sql\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(guide);
        Map<Integer, String> questions = new TreeMap<>();
        while (question.find()) {
            questions.put(Integer.valueOf(question.group(1)), question.group(2));
        }
        return questions;
    }

    private List<String> answer(String query) {
        return tables.rows(query).stream()
                .map(row -> row.values().stream()
                        .filter(value -> !(value instanceof java.sql.Timestamp
                                || value instanceof java.time.OffsetDateTime
                                || value instanceof java.time.Duration
                                || value instanceof PGInterval))
                        .map(String::valueOf)
                        .collect(Collectors.joining("|")))
                .toList();
    }

    /** Eight operations: two that failed, one each that retries, runs, is ready, waits, is over, and is paused. */
    private void fill() {
        tables.worker(7);
        assertThat(tables.add(8)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        tables.execute("UPDATE backops.operation SET params = '{\"number\": 42}' WHERE id = 1");
        for (long id : List.of(1L, 7L)) {
            tables.work(id, "state = 'failed', attempts = 2");
            tables.execute("UPDATE backops.operation SET steps_done = 1, next_step = 'ship' WHERE id = " + id);
            step(id, 0, "charge", "'{\"receipt\": \"r" + id + "\"}'");
        }
        failure(1, 1, "ship", 1, "java.net.ConnectException", "refused 1");
        failure(1, 1, "ship", 2, "java.net.ConnectException", "refused 1");
        failure(7, 1, "ship", 2, "java.net.ConnectException", "refused 7");
        tables.work(2, "state = 'scheduled', attempts = 2, run_at = now() + interval '2 hours'");
        failure(2, 0, "charge", 2, "java.lang.IllegalStateException", "down 2");
        tables.work(3, "state = 'running', worker = 7");
        tables.work(4, "run_at = now() - interval '2 hours'");
        tables.work(5, "state = 'scheduled', run_at = now() + interval '30 minutes'");
        tables.execute("DELETE FROM backops.work WHERE operation_id = 6");
        tables.execute("UPDATE backops.operation SET steps_done = 3, next_step = NULL, outcome = 'completed',"
                + " finished_at = now(), outputs = '{\"receipt\": \"r6\"}' WHERE id = 6");
        step(6, 0, "charge", "'{\"receipt\": \"r6\"}'");
        step(6, 1, "ship", "NULL");
        step(6, 2, "thank", "NULL");
        tables.work(8, "state = 'paused', created_at = now() - interval '3 days'");
        tables.execute("UPDATE backops.operation SET created_at = now() - interval '3 days' WHERE id = 8");
    }

    private void step(long id, int seq, String name, String outputs) {
        tables.execute("INSERT INTO backops.step"
                + " (operation_id, seq, started_at, finished_at, worker, token, attempts, name, status, outputs)"
                + " VALUES (" + id + ", " + seq + ", now() - interval '" + (10 - seq) + " seconds', now(), 7, 1, 1, '"
                + name
                + "', 'completed', " + outputs + ")");
    }

    private void failure(long id, int seq, String step, int attempt, String errorClass, String message) {
        tables.execute("INSERT INTO backops.failure (operation_id, failed_at, worker, seq, token, attempt, step,"
                + " error_class, message, frame, stack_trace) VALUES (" + id + ", now(), 7, " + seq + ", 1, " + attempt
                + ", '" + step + "', '" + errorClass + "', '" + message + "', 'Shop.java:5', '" + errorClass + ": "
                + message + "')");
    }
}
