package dev.backops.model;

import dev.backops.Ahead;
import dev.backops.BackOps;
import dev.backops.Enqueued;
import dev.backops.KeyConflictException;
import dev.backops.Operations;
import dev.backops.RepairRefusedException;
import dev.backops.StepAbortedException;
import dev.backops.annotation.Priority;
import dev.backops.codegen.OperationClient;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Values;
import dev.backops.internal.json.Json;
import dev.backops.internal.store.WorkStore.Stuck;
import dev.backops.model.Command.Repair.Act;
import dev.backops.model.Director.Call;
import dev.backops.testkit.Tables;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.postgres.PostgresPlugin;
import org.jspecify.annotations.Nullable;

/** The runtime on a real PostgreSQL: processes that can be cut off, and what the tables and the views say. */
final class Reality implements AutoCloseable {

    static final String ERROR = "boom";

    /** Longer than a run, so that no machine is slow enough to lose it; it ends where the test says so. */
    private static final Duration LEASE = Duration.ofHours(1);

    private static final Pattern LACKING = Pattern.compile("cannot go on at \\w+: (.*) must be set first");

    /*
     * A new worker counts as one that has lived for a lease: only such a one may bury others. Whoever is left over from the run
     * before is gone first.
     */
    private static final String EMPTY = """
            SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name LIKE 'model%' AND pid <> pg_backend_pid();
            TRUNCATE backops.operation, backops.work, backops.step, backops.failure, backops.definition, backops.worker,
              backops.audit, backops.pause, ledger RESTART IDENTITY;
            ALTER TABLE backops.worker ALTER COLUMN since SET DEFAULT now() - interval '1 day'
            """;

    private static final String OPERATIONS = """
            SELECT v.id, v.name, v.status, v.step, v.steps_done, v.attempts, v.key, v.reason, v.context::text AS context,
              v.error_class || ': ' || v.error_message AS error, v.status IS NOT DISTINCT FROM u.status AS alike,
              CASE WHEN w.run_at > now() THEN round(extract(epoch FROM w.run_at - now()) / 3600) ELSE 0 END AS hours,
              o.compensating, w.state, w.crashes, w.wanted, w.worker
            FROM backops.operations v JOIN backops.operation o ON o.id = v.id LEFT JOIN backops.work w ON w.operation_id = v.id
            LEFT JOIN backops.unfinished u ON u.id = v.id
            ORDER BY v.id
            """;

    private static final String STEPS = """
            SELECT operation_id, seq, name, status, attempts, error_class || ': ' || error_message AS error, outputs::text AS outputs
            FROM backops.steps ORDER BY operation_id, seq
            """;

    private static final String FAILURES = """
            SELECT operation_id, seq, step, attempt, error_class, message FROM backops.failures ORDER BY id
            """;

    private static final String EFFECTS = """
            SELECT operation, seq FROM ledger WHERE operation IN (SELECT id FROM backops.operation)
            """;

    private static final String ORPHANS = """
            SELECT count(*) FROM (
              SELECT operation_id FROM backops.work UNION ALL SELECT operation_id FROM backops.step
              UNION ALL SELECT operation_id FROM backops.failure
              UNION ALL SELECT operation_id FROM backops.audit WHERE operation_id IS NOT NULL) AS rows
            WHERE operation_id NOT IN (SELECT id FROM backops.operation) HAVING count(*) > 0
            """;

    private static final String JUMP = """
            UPDATE backops.operation SET created_at = created_at - :by, finished_at = finished_at - :by;
            UPDATE backops.work SET created_at = created_at - :by, run_at = run_at - :by;
            UPDATE backops.step SET started_at = started_at - :by, finished_at = finished_at - :by;
            UPDATE backops.failure SET failed_at = failed_at - :by;
            UPDATE backops.audit SET done_at = done_at - :by;
            NOTIFY backops_work, 'scheduled'
            """;

    private static final Queue<Thread> CLOSING = new ConcurrentLinkedQueue<>();

    private final String jdbcUrl;
    private final Duration patience;
    private final Handle handle;
    private final Director director = new Director();

    /** A process that only enqueues and repairs. */
    private final BackOps client;

    private final Map<Version, OperationClient> clients = new HashMap<>();
    private final Map<Integer, Worker> workers = new TreeMap<>();
    private final Map<Integer, Long> ids = new LinkedHashMap<>();

    /** Begins with empty tables, and with all versions stored, so that no worker comes to know of one later than another. */
    Reality(String jdbcUrl, DataSource dataSource, List<Version> versions, Duration patience) {
        this.jdbcUrl = jdbcUrl;
        this.patience = patience;
        client = BackOps.builder(dataSource).build();
        handle = Jdbi.create(dataSource).installPlugin(new PostgresPlugin()).open();
        handle.execute(Director.LEDGER);
        handle.createScript(EMPTY).execute();
        versions.forEach(version -> clients.put(version, client.client(version.definition())));
    }

    // What commands do.

    String enqueue(
            int label,
            Version version,
            @Nullable String key,
            long number,
            @Nullable Instant when,
            int delay,
            Priority priority) {
        OperationClient target = Objects.requireNonNull(clients.get(version)).priority(priority);
        target = delay == 0 ? target : target.after(Duration.ofHours(delay));
        target = key == null ? target : target.key(key);
        try {
            Enqueued enqueued = target.enqueue(
                    () -> Values.of(RandomDefinition.NUMBER, number).and(RandomDefinition.WHEN, when));
            if (enqueued.added()) {
                ids.put(label, enqueued.id());
                return "added";
            }
            return ids.entrySet().stream()
                    .filter(one -> one.getValue() == enqueued.id())
                    .map(one -> "it is operation " + one.getKey())
                    .collect(Collectors.joining());
        } catch (KeyConflictException e) {
            return "conflict";
        }
    }

    void returns(int label, Map<String, Optional<Object>> outputs, @Nullable String jump) {
        Call call = call(label);
        Map<String, Object> set = new TreeMap<>();
        outputs.forEach((name, value) -> value.ifPresent(there -> set.put(name, there)));
        StepResult result =
                new StepResult(Values.ofJson(call.code.values(set)), jump == null ? null : call.code.place(jump));
        director.end(call, () -> result);
    }

    void throwsError(int label, boolean aborts) {
        director.end(call(label), thrower(aborts));
    }

    private static Callable<StepResult> thrower(boolean aborts) {
        return () -> {
            throw aborts ? new StepAbortedException(ERROR) : new IllegalStateException(ERROR);
        };
    }

    private Call call(int label) {
        return director.call(id(label)).orElseThrow();
    }

    private long id(int label) {
        return Objects.requireNonNull(ids.get(label), "no operation " + label);
    }

    String repair(int label, Act act, String name, Map<String, Optional<Object>> outputs, Optional<Object> value) {
        long id = id(label);
        // In the process that runs it: another one would hear of it with its next heartbeat only.
        BackOps backOps = director.call(id)
                .map(call -> Objects.requireNonNull(workers.get(call.worker)).backOps())
                .orElse(client);
        Operations operations = backOps.operations().by("model", act.name());
        try {
            return switch (act) {
                case RESUME -> answer(operations.resume(id));
                case CANCEL -> Boolean.toString(operations.cancel(id));
                case CANCEL_NOW -> Boolean.toString(operations.cancelNow(id));
                case PAUSE -> Boolean.toString(operations.pause(id));
                case PAUSE_NOW -> Boolean.toString(operations.pauseNow(id));
                case UNPAUSE -> answer(operations.unpause(id));
                case RETRY_FROM -> answer(operations.retryFrom(id, name));
                case JUMP_TO -> answer(operations.jumpTo(id, name));
                case SKIP -> answer(operations.skip(id, withNulls(outputs)));
                case SET_OUTPUT -> answer(operations.setOutput(id, name, value.orElse(null)));
            };
        } catch (RepairRefusedException e) {
            Matcher lacking = LACKING.matcher(String.valueOf(e.getMessage()));
            return lacking.find() ? ModelOperation.REFUSED + " for " + lacking.group(1) : ModelOperation.REFUSED;
        }
    }

    private static String answer(Ahead ahead) {
        return "runs " + ahead.runs() + " again " + ahead.again();
    }

    private static Map<String, Object> withNulls(Map<String, Optional<Object>> outputs) {
        String json = outputs.entrySet().stream()
                .map(output -> "\"" + output.getKey() + "\": "
                        + Json.writeValue(output.getValue().orElse(null)))
                .collect(Collectors.joining(", ", "{", "}"));
        return Json.readObject(json);
    }

    void start(int label, Version code) {
        Cable cable = new Cable(jdbcUrl, "model-" + label);
        BackOps.Builder builder = BackOps.builder(cable)
                .concurrency(16)
                .lease(LEASE)
                .pollInterval(Duration.ofMillis(50))
                .gracePeriod(Duration.ZERO);
        Model.KEEP_SETTINGS.forEach(builder::keep);
        BackOps backOps = builder.build();
        backOps.register(director.steps(label, code)).start();
        List<Long> known = workers.values().stream().map(Worker::id).toList();
        long id = handle.createQuery("SELECT id FROM backops.worker")
                .mapTo(Long.class)
                .filter(one -> !known.contains(one))
                .one();
        workers.put(label, new Worker(cable, backOps, id));
    }

    void stop(int label) {
        worker(label).backOps().close();
    }

    /** Cuts a process off for good, or until another one has its work; what it does then is to have no effect. */
    void crash(int label, int successor, Version code, boolean comesBack) {
        Worker dead = worker(label);
        dead.cable().cut();
        await("the end of the connections of worker " + label, () -> connections(label) == 0);
        director.isDead(label);
        handle.execute("UPDATE backops.worker SET lease_end = now() - interval '1 s' WHERE id = ?", dead.id());
        start(successor, code);
        if (comesBack) {
            await("the rescue", () -> held(dead) == 0);
            dead.cable().mend();
        }
        director.calls(label).forEach(call -> director.end(call, () -> StepResult.none()));
        if (comesBack) {
            dead.backOps().close();
        } else {
            inBackground(dead.backOps()::close);
        }
    }

    private Worker worker(int label) {
        return Objects.requireNonNull(workers.get(label), "no worker " + label);
    }

    private long connections(int label) {
        return handle.createQuery("SELECT count(*) FROM pg_stat_activity WHERE application_name = :name")
                .bind("name", "model-" + label)
                .mapTo(Long.class)
                .one();
    }

    private long held(Worker worker) {
        return handle.createQuery("SELECT count(*) FROM backops.work WHERE worker = :id")
                .bind("id", worker.id())
                .mapTo(Long.class)
                .one();
    }

    void jump(int hours) {
        handle.createScript(JUMP.replace(":by", "interval '" + hours + " hours'"))
                .execute();
    }

    /** Does what a worker does once nobody knew a definition for a lease. */
    void park() {
        handle.useTransaction(transaction -> {
            long first = transaction
                    .createQuery("SELECT min(id) FROM backops.worker WHERE lease_end > now()")
                    .mapTo(Long.class)
                    .one();
            List<Integer> stuck = Tables.STORES.work().stuck(transaction, first).stream()
                    .map(Stuck::definition)
                    .toList();
            Tables.STORES.work().park(transaction, stuck, 1_000);
        });
    }

    // What is to be seen.

    /** Waits until everything is as the model says. */
    void awaitSame(Model model) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            List<String> expected = new ArrayList<>();
            List<String> actual = new ArrayList<>();
            observe(model);
            expectedCalls(model, expected);
            director.calls().stream().map(Call::toString).sorted().forEach(actual::add);
            if (expected.equals(actual) || System.nanoTime() > end) {
                describe(model, expected);
                describe(actual);
                expected.sort(null);
                actual.sort(null);
                if (expected.equals(actual)) {
                    break;
                }
            }
            if (System.nanoTime() > end) {
                throw new AssertionError(difference(expected, actual));
            }
            pause();
        }
        require(director.violations().isEmpty(), director.violations());
        model.operations().forEach(this::requireSameStarts);
    }

    private static void require(boolean holds, Object otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.toString());
        }
    }

    private static String difference(List<String> expected, List<String> actual) {
        return Stream.of(
                        Stream.of("the model says"),
                        expected.stream().filter(line -> !actual.contains(line)).map(line -> "    " + line),
                        Stream.of("the runtime says"),
                        actual.stream().filter(line -> !expected.contains(line)).map(line -> "    " + line))
                .flatMap(lines -> lines)
                .collect(Collectors.joining("\n"));
    }

    private void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            require(System.nanoTime() < end, "Waited in vain for " + what);
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(2);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Which of several workers has an operation is left to chance. */
    private void observe(Model model) {
        for (Call call : director.calls()) {
            model.operations().stream()
                    .filter(one -> id(one.label) == call.operation)
                    .forEach(one -> one.runsOn(call.worker));
        }
    }

    private void expectedCalls(Model model, List<String> lines) {
        model.operations().stream()
                .filter(one -> one.is(ModelOperation.State.RUNNING))
                .map(one -> expected(model, one))
                .sorted()
                .forEach(lines::add);
    }

    /** What the step of a running operation is to see. */
    private static String expected(Model model, ModelOperation operation) {
        Version code = Objects.requireNonNull(model.workers().get(operation.worker()), "a live worker");
        String step = code.step(operation.step().name()).orElse("nothing");
        return "worker " + operation.worker() + " runs " + operation.done() + " " + step + " attempt "
                + operation.attempt() + " " + code.values(operation.context());
    }

    private void describe(Model model, List<String> lines) {
        for (ModelOperation operation : model.operations()) {
            long id = id(operation.label);
            operation.describe(model.now()).forEach(line -> lines.add(id + ": " + line));
            if (operation.isParked()) {
                lines.add(id + ": waits since " + model.reason(operation));
            }
            if (operation.is(ModelOperation.State.RUNNING)) {
                lines.add(id + ": held by worker " + operation.worker());
            }
            operation.effects().forEach(seq -> lines.add(id + ": effect of " + seq));
        }
    }

    private void describe(List<String> lines) {
        rows(OPERATIONS).forEach(row -> {
            lines.add(row.get("id") + ": " + operation(row));
            if ("waiting".equals(row.get("status"))) {
                lines.add(row.get("id") + ": waits since " + row.get("reason"));
            }
            if (row.get("worker") instanceof Long worker) {
                lines.add(row.get("id") + ": held by worker " + label(worker));
            }
        });
        rows(STEPS)
                .forEach(row -> lines.add(row.get("operation_id") + ": " + row.get("seq") + " " + row.get("name") + " "
                        + row.get("status") + " attempts=" + row.get("attempts") + " error=" + row.get("error")
                        + " outputs="
                        + json(row.get("outputs"))));
        rows(FAILURES)
                .forEach(row -> lines.add(row.get("operation_id") + ": failure " + row.get("seq") + " "
                        + row.get("step") + " attempt " + row.get("attempt") + " " + row.get("error_class") + ": "
                        + row.get("message")));
        rows(EFFECTS).forEach(row -> lines.add(row.get("operation") + ": effect of " + row.get("seq")));
        rows(ORPHANS).forEach(row -> lines.add(row.get("count") + " rows of operations that are not there"));
    }

    private List<Map<String, Object>> rows(String sql) {
        return handle.createQuery(sql).mapToMap().list();
    }

    private static String operation(Map<String, Object> row) {
        Object state = row.get("state");
        boolean hasTime = "scheduled".equals(state) || "paused".equals(state);
        String due = hasTime ? "+" + row.get("hours") : "now";
        return String.join(
                " ",
                row.get("name") + (Boolean.TRUE.equals(row.get("alike")) == (state != null) ? "" : " (views differ)"),
                String.valueOf(row.get("status")),
                "step=" + row.get("step"),
                "done=" + row.get("steps_done"),
                "attempts=" + row.get("attempts"),
                "crashes=" + row.get("crashes"),
                "compensating=" + row.get("compensating"),
                "wanted=" + row.get("wanted"),
                "key=" + row.get("key"),
                "due=" + due,
                "error=" + row.get("error"),
                "context=" + json(row.get("context")));
    }

    private static @Nullable Map<String, Object> json(@Nullable Object text) {
        return text == null ? null : new TreeMap<>(Json.readObject((String) text));
    }

    private int label(long worker) {
        return workers.entrySet().stream()
                .filter(one -> one.getValue().id() == worker)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(0);
    }

    /**
     * What was recorded never runs again, what was interrupted by a crash or a stop does, once each time, and each run finds
     * what its step reads by the definition that the operation was enqueued with.
     */
    private void requireSameStarts(ModelOperation operation) {
        List<Call> history = director.history(id(operation.label));
        List<String> starts = history.stream()
                .map(call -> call.seq() + " " + stored(call, operation) + " attempt " + call.attempt)
                .toList();
        require(
                starts.equals(operation.starts()),
                operation.label + " ran " + starts + " instead of " + operation.starts());
        for (Call call : history) {
            List<String> reads =
                    operation.version.paths().step(stored(call, operation)).reads();
            require(call.values.keySet().containsAll(call.code.values(reads)), call + " began without one of " + reads);
        }
    }

    private static String stored(Call call, ModelOperation operation) {
        return operation.version.definition().steps().stream()
                .map(StepDefinition::name)
                .filter(name ->
                        call.code.step(name).filter(call.step.name()::equals).isPresent())
                .findFirst()
                .orElse("nothing");
    }

    /** Ends all processes as crashes do, so that none of them has to be waited for. */
    @Override
    public void close() {
        workers.values().forEach(worker -> worker.cable().cut());
        director.close();
        workers.values().forEach(worker -> inBackground(worker.backOps()::close));
        handle.close();
        client.close();
    }

    private static void inBackground(Runnable task) {
        Thread thread = new Thread(task, "model-close");
        thread.setDaemon(true);
        thread.start();
        CLOSING.removeIf(other -> !other.isAlive());
        CLOSING.add(thread);
    }

    /** Waits for what processes of this and earlier runs do at their end. */
    static void awaitClosed() throws InterruptedException {
        for (Thread thread : CLOSING) {
            thread.join();
        }
    }

    /** A process; {@code id} is the one in the tables. */
    private record Worker(Cable cable, BackOps backOps, long id) {}
}
