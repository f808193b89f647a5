package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.RetryPolicy;
import dev.backops.codegen.StepBody;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Types;
import dev.backops.codegen.Values;
import dev.backops.internal.json.Json;
import dev.backops.testkit.Hostile;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/**
 * Somebody writes nonsense into the tables while operations run: any column, any value of its type that the constraints let
 * through. Whatever becomes of that operation, it can be looked at, all others go on, and so does the process.
 *
 * <p>System properties: {@code backops.hostile.seed} begins the random numbers, {@code backops.hostile.edits} says how often.
 */
class EditedRowsTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private static final Field<Long> NUMBER = Field.required("number", Types.LONG);
    private static final Field<String> TEXT = Field.nullable("text", Types.STRING);

    private static final OperationDefinition EDITED = definition("edited");
    private static final OperationDefinition OTHER = definition("other");

    /** Tables with the way to what is edited there. */
    private static final Map<String, String> TABLES = new TreeMap<>(Map.of(
            "operation", "id = %1$d",
            "work", "operation_id = %1$d",
            "step", "operation_id = %1$d",
            "failure", "operation_id = %1$d",
            "audit", "operation_id = %1$d",
            "definition", "name = 'edited'",
            "worker", "true",
            "pause", "true"));

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private final long seed = Long.getLong("backops.hostile.seed", 1);
    private final Hostile hostile = new Hostile(seed);
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.backops");

    private volatile CountDownLatch gate = new CountDownLatch(1);
    private Sql sql;
    private BackOps backOps;

    private static OperationDefinition definition(String name) {
        RetryPolicy retry = RetryPolicy.of(2, "PT0.01S", 1, "PT0.01S", 0);
        return OperationDefinition.named(name)
                .params(NUMBER, TEXT)
                .step(StepDefinition.named("first")
                        .reads("number")
                        .outputs(TEXT)
                        .retry(retry))
                .step(StepDefinition.named("second")
                        .mayRead("text")
                        .jumps("last")
                        .retry(retry))
                .step(StepDefinition.named("last").retry(retry).onFailure("undo"))
                .step(StepDefinition.named("undo").branch("undo").retry(retry));
    }

    /** Stops at the gate in its second step; those with odd numbers fail at first, and those with a multiple of three for good. */
    private OperationSteps steps(OperationDefinition definition) {
        StepBody nothing = (values, run) -> StepResult.none();
        return OperationSteps.of(definition)
                .step("first", (values, run) -> {
                    if (run.attempt() < 2 && values.get(NUMBER) % 2 == 1) {
                        throw new IllegalStateException("not yet");
                    }
                    return StepResult.of(TEXT, "text");
                })
                .step("second", (values, run) -> {
                    if (definition == EDITED) {
                        gate.await();
                        if (values.get(NUMBER) % 3 == 0) {
                            throw new StepAbortedException("for good");
                        }
                    }
                    return StepResult.none().jump("last");
                })
                .step("last", nothing)
                .step("undo", nothing);
    }

    /** What the loops say of it is no news. */
    @BeforeEach
    void open() {
        logger.setLevel(Level.OFF);
        sql = new Sql(database.dataSource());
        backOps = BackOps.builder(database.dataSource())
                .lease(Duration.ofSeconds(3))
                .pollInterval(Duration.ofMillis(50))
                .build();
        backOps.register(steps(EDITED));
        backOps.register(steps(OTHER));
        backOps.start();
        sql.execute("CREATE TABLE public.definition AS SELECT * FROM backops.definition");
        backOps.operations().pauseQueue("bystander");
        sql.execute("CREATE TABLE public.pause AS SELECT * FROM backops.pause");
    }

    @AfterEach
    void close() {
        gate.countDown();
        backOps.close();
        logger.setLevel(null);
    }

    @Test
    void editedRows_stopNobodyElse() throws Exception {
        int edits = Integer.getInteger("backops.hostile.edits", 30);
        System.out.println("edited rows seed " + seed);
        List<String> done = new ArrayList<>();
        for (int i = 0; i < edits; i++) {
            long number = i;
            gate = new CountDownLatch(1);
            long edited = backOps.client(EDITED)
                    .after(Duration.ofHours(i % 4 == 0 ? 1 : 0))
                    .enqueue(() -> Values.of(NUMBER, number))
                    .id();
            if (hostile.random().nextBoolean()) {
                awaitCalm(edited);
            }
            if (hostile.random().nextBoolean()) {
                gate.countDown();
            }
            done.add(edit(edited));
            gate.countDown();
            try {
                others(number);
                look(edited);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", after " + done.get(done.size() - 1), e);
            }
            forget();
        }
        System.out.println("edited rows "
                + done.stream().filter(one -> !one.endsWith("refused")).count() + " of " + edits);
    }

    /** Until the step that stops runs, if it comes to that. */
    private void awaitCalm(long id) throws InterruptedException {
        for (int i = 0; i < 20 && backOps.operations().find(id).orElseThrow().status() != Status.RUNNING; i++) {
            Thread.sleep(5);
        }
    }

    private String edit(long id) {
        String table = hostile.one(TABLES.keySet().toArray(new String[0]));
        String where = TABLES.getOrDefault(table, "").formatted(id);
        String[] columns = sql.texts(
                        "SELECT column_name || ' ' || udt_name FROM information_schema.columns"
                                + " WHERE table_schema = 'backops' AND table_name = ? ORDER BY ordinal_position",
                        table)
                .toArray(new String[0]);
        String chosen = hostile.one(columns);
        String column = chosen.substring(0, chosen.indexOf(' '));
        String value = value(table, where, column, chosen.substring(column.length() + 1));
        String edit = "UPDATE backops.%s SET %s = %s WHERE %s".formatted(table, column, value, where);
        if (hostile.random().nextInt(20) == 0) {
            edit = "DELETE FROM backops." + table + " WHERE " + where;
        }
        try {
            return sql.execute(edit.replace("?", "??")) + " by " + edit;
        } catch (JdbiException e) {
            return edit + " refused";
        }
    }

    private String value(String table, String where, String column, String type) {
        if (hostile.random().nextInt(8) == 0) {
            return "NULL";
        }
        return switch (type) {
            case "int2", "int4" -> hostile.one("-1", "0", "1", "2", "7", "2147483647", "-2147483648");
            case "int8" -> hostile.one("-1", "0", "1", "9223372036854775807", "-9223372036854775808");
            case "bool" -> hostile.one("true", "false");
            case "timestamptz" ->
                hostile.one(
                        "'-infinity'",
                        "'infinity'",
                        "'4713-01-01 BC'",
                        "'294276-12-31'",
                        "now() - interval '1 day'",
                        "now() + interval '1 day'");
            case "interval" -> hostile.one("'0'", "'-1 day'", "'100000 years'", "'1 ms'");
            case "jsonb" -> literal(Json.writeValue(damaged(table, where, column))) + "::jsonb";
            case "_int4" -> hostile.one("'{}'", "'{1,2,3,4,5}'", "'{NULL}'", "'{-1}'");
            case "_text" -> hostile.one("'{}'", "'{default}'", "'{NULL}'", "'{number,text}'");
            default ->
                hostile.one(
                        literal(text()),
                        "'ready'",
                        "'running'",
                        "'failed'",
                        "'paused'",
                        "'waiting'",
                        "'scheduled'",
                        "'first'",
                        "'second'",
                        "'undo'",
                        "'cancel'",
                        "'pause'",
                        "'main'",
                        "'edited'",
                        "''");
        };
    }

    private String text() {
        String text = hostile.storableText();
        return text.substring(0, text.offsetByCodePoints(0, Math.min(100, text.codePointCount(0, text.length()))));
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** What is there, with one thing in it replaced, or something else. */
    private @Nullable Object damaged(String table, String where, String column) {
        List<String> stored = sql.texts("SELECT jsonb_build_object('it', " + column + ")::text FROM backops." + table
                + " WHERE " + where + " LIMIT 1");
        return stored.isEmpty()
                ? nonsense()
                : damaged(Json.readObject(stored.get(0)).get("it"));
    }

    private @Nullable Object damaged(@Nullable Object json) {
        if (json instanceof List<?> list && !list.isEmpty() && hostile.random().nextInt(6) > 0) {
            List<@Nullable Object> copy = new ArrayList<>(list);
            int place = hostile.random().nextInt(copy.size());
            copy.set(place, damaged(copy.get(place)));
            return copy;
        }
        if (json instanceof Map<?, ?> map && !map.isEmpty() && hostile.random().nextInt(6) > 0) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((name, value) -> copy.put(String.valueOf(name), value));
            String name = hostile.one(copy.keySet().toArray(new String[0]));
            if (hostile.random().nextInt(4) == 0) {
                copy.remove(name);
            } else {
                copy.put(name, damaged(copy.get(name)));
            }
            return copy;
        }
        return nonsense();
    }

    private @Nullable Object nonsense() {
        return hostile.random().nextInt(10) == 0
                ? null
                : hostile.one(
                        7,
                        -1,
                        true,
                        text(),
                        "main",
                        "first",
                        "second",
                        List.of(),
                        List.of(1),
                        List.of("text"),
                        Map.of(),
                        Map.of("name", 1));
    }

    private void others(long number) throws InterruptedException {
        List<Long> ids = backOps.client(OTHER).enqueueAll(List.of(1, 2), unused -> Values.of(NUMBER, number)).stream()
                .map(Enqueued::id)
                .toList();
        for (long id : ids) {
            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);
        }
    }

    private void look(long edited) {
        Operations operations = backOps.operations();
        operations.find(edited);
        operations.status(edited);
        operations.steps(edited);
        operations.failures(edited);
        operations.counts();
        operations.failureGroups();
        operations.pauses();
        operations.list(Search.all());
        operations.list(Search.of(Status.values()));
        backOps.client(OTHER).find(Search.all(), values -> values).list();
        try {
            operations.cancelNow(edited);
        } catch (OperationNotFoundException | RepairRefusedException e) {
            assertThat(e).hasMessageContaining(Long.toString(edited));
        }
    }

    /** All others are at their end. */
    private void forget() {
        sql.execute("DELETE FROM backops.work; DELETE FROM backops.operation; DELETE FROM backops.step;"
                + " DELETE FROM backops.failure; DELETE FROM backops.audit; DELETE FROM backops.definition;"
                + " INSERT INTO backops.definition OVERRIDING SYSTEM VALUE SELECT * FROM public.definition;"
                + " DELETE FROM backops.pause; INSERT INTO backops.pause SELECT * FROM public.pause");
    }
}
