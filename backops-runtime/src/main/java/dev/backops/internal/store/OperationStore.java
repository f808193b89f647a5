package dev.backops.internal.store;

import dev.backops.Enqueued;
import dev.backops.annotation.KeyScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Statements on {@code operation}, and those that create it together with its {@code work}. Callers own the transaction. */
public final class OperationStore {

    /** As many as one statement should add. */
    public static final int BATCH = 1_000;

    /*
     * Ids are drawn in the order of the rows, so that the ids sorted are in that order too: RETURNING promises none. Options
     * are sent once for all rows that share them: many threads' operations come together, each with its own.
     */
    private static final String NEW_ROWS = """
            WITH new AS MATERIALIZED (
              SELECT nextval('${schema}.operation_id_seq') AS id, key, params,
                (:definitions)[options] AS definition,
                (:names)[options] AS name,
                (:queues)[options] AS queue,
                (:firstSteps)[options] AS first_step,
                (:priorities)[options] AS priority,
                greatest(start_at::timestamptz,
                  coalesce((:ats)[options]::timestamptz, clock_timestamp() + (:afterMicros)[options] * interval '1 microsecond')
                    + (:delayMicros)[options] * interval '1 microsecond') AS run_at
              FROM (
                SELECT * FROM unnest(:options, :keys, :params, :startAts) WITH ORDINALITY
                  AS t(options, key, params, start_at, place)
                ORDER BY place) AS ordered),
            """;

    /* The same for one row. PostgreSQL keeps its plan, and makes one with arrays again and again. */
    private static final String NEW_ROW = """
            WITH new AS MATERIALIZED (
              SELECT nextval('${schema}.operation_id_seq') AS id, :key AS key, :params AS params,
                :definition AS definition,
                :name AS name,
                :queue AS queue,
                :firstStep AS first_step,
                :priority AS priority,
                greatest(:startAt::timestamptz,
                  coalesce(:at::timestamptz, clock_timestamp() + :afterMicros * interval '1 microsecond')
                    + :delayMicros * interval '1 microsecond') AS run_at),
            """;

    private static final String WITHOUT_KEYS = """
            added AS (
              INSERT INTO ${schema}.operation (id, definition, name, params, next_step)
              SELECT id, definition, name, params::jsonb, first_step FROM new),
            work AS (
              INSERT INTO ${schema}.work (operation_id, definition, queue, priority, run_at, state)
              SELECT id, definition, queue, priority, run_at,
                CASE WHEN run_at > clock_timestamp() THEN 'scheduled' ELSE 'ready' END
              FROM new)
            SELECT id, true AS added FROM new ORDER BY id
            """;

    /* In a transaction of its own, whose commit is to be on disk, whatever the pool's default. */
    private static final String WITHOUT_KEYS_ALONE =
            WITHOUT_KEYS.replace("true AS added", "true AS added, " + EngineSession.DURABLE_COLUMN);

    /*
     * With keys. A conflict adds nothing: the caller asks for the other one's id in a second statement, since this one's
     * snapshot is too old to see it. Rows are added in the order given, which is that of the keys, against deadlocks. "IS
     * TRUE" keeps the planner from making a join of it, which would compare each row with each where joins are nested loops.
     *
     * A key that holds for ever is unique among operations. One that holds until the end is unique among what is left to do:
     * it is free again as the work row goes, or is marked as over, and no update of the operation touches an index for it.
     */
    private static final String WITH_KEYS_FOREVER = """
            added AS (
              INSERT INTO ${schema}.operation (id, definition, name, key, key_scope, params, next_step)
              SELECT id, definition, name, key, 'forever', params::jsonb, first_step FROM new ORDER BY id
              ON CONFLICT (name, key) WHERE key IS NOT NULL AND key_scope = 'forever' DO NOTHING
              RETURNING id),
            work AS (
              INSERT INTO ${schema}.work (operation_id, definition, queue, priority, run_at, state)
              SELECT id, definition, queue, priority, run_at,
                CASE WHEN run_at > clock_timestamp() THEN 'scheduled' ELSE 'ready' END
              FROM new WHERE (id IN (SELECT id FROM added)) IS TRUE)
            SELECT id, (id IN (SELECT id FROM added)) IS TRUE AS added FROM new ORDER BY id
            """;

    private static final String WITH_KEYS_UNFINISHED = """
            added AS (
              INSERT INTO ${schema}.work (operation_id, definition, queue, priority, run_at, state, key)
              SELECT id, definition, queue, priority, run_at,
                CASE WHEN run_at > clock_timestamp() THEN 'scheduled' ELSE 'ready' END, name || ':' || key
              FROM new ORDER BY id
              ON CONFLICT (key) WHERE key IS NOT NULL AND state NOT IN ('cancelled', 'compensated') DO NOTHING
              RETURNING operation_id),
            operation AS (
              INSERT INTO ${schema}.operation (id, definition, name, key, key_scope, params, next_step)
              SELECT id, definition, name, key, 'unfinished', params::jsonb, first_step
              FROM new WHERE (id IN (SELECT operation_id FROM added)) IS TRUE)
            SELECT id, (id IN (SELECT operation_id FROM added)) IS TRUE AS added FROM new ORDER BY id
            """;

    private static final String HOLDERS_FOREVER = """
            SELECT id, key, params FROM ${schema}.operation
            WHERE name = ANY(:names) AND key = ANY(:keys) AND key_scope = 'forever'
            """;

    private static final String HOLDERS_UNFINISHED = """
            SELECT o.id, o.key, o.params FROM ${schema}.work w JOIN ${schema}.operation o ON o.id = w.operation_id
            WHERE w.key = ANY(ARRAY(SELECT name || ':' || key FROM unnest(:names) AS name, unnest(:keys) AS key))
              AND w.state NOT IN ('cancelled', 'compensated')
            """;

    private static final String READ_CLAIMED = """
            SELECT id, definition, name, params, next_step, steps_done, compensating FROM ${schema}.operation WHERE id = ANY(:ids)
            """;

    private static final String READ_STEPS = """
            SELECT operation_id, seq, name, status, outputs FROM ${schema}.step
            WHERE operation_id = ANY(:ids) ORDER BY operation_id, seq
            """;

    /** As PostgreSQL reads it in every year that it knows: no plus before a long one, and an era behind it. */
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendValue(ChronoField.YEAR_OF_ERA, 4, 6, SignStyle.NORMAL)
            .appendPattern("-MM-dd HH:mm:ss.SSSSSSSSSX G")
            .toFormatter(Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final Enqueue enqueue;
    private final Enqueue enqueueAlone;
    private final Map<KeyScope, Enqueue> enqueueKeys;
    private final Map<KeyScope, String> holders;
    private final String readClaimed;
    private final String readSteps;

    public OperationStore(Schema schema) {
        enqueue = Enqueue.of(WITHOUT_KEYS, schema);
        enqueueAlone = Enqueue.of(WITHOUT_KEYS_ALONE, schema);
        enqueueKeys = Map.of(
                KeyScope.FOREVER, Enqueue.of(WITH_KEYS_FOREVER, schema),
                KeyScope.UNFINISHED, Enqueue.of(WITH_KEYS_UNFINISHED, schema));
        holders = Map.of(
                KeyScope.FOREVER, schema.in(HOLDERS_FOREVER),
                KeyScope.UNFINISHED, schema.in(HOLDERS_UNFINISHED));
        readClaimed = schema.in(READ_CLAIMED);
        readSteps = schema.in(READ_STEPS);
    }

    /**
     * Adds operations without keys and their work in one statement; returns their ids in the order given. They live and die
     * with the transaction that is open.
     */
    public List<Enqueued> enqueue(Handle handle, List<NewOperation> operations) {
        return enqueue(handle, enqueue, operations);
    }

    /** The same where none is open: once this returns they are on disk, whatever the pool's settings. */
    public List<Enqueued> enqueueAlone(Handle handle, List<NewOperation> operations) {
        return enqueue(handle, enqueueAlone, operations);
    }

    /**
     * The same for operations with keys of one scope. Those whose key is taken, by an operation or by another one of these,
     * are not added. Keys are to come in the order of their text, over all statements of a transaction: others wait for its
     * end, and may not come from the other side.
     */
    public List<Enqueued> enqueueKeyed(Handle handle, KeyScope scope, List<NewOperation> operations) {
        return enqueue(handle, scoped(enqueueKeys, scope), operations);
    }

    private static List<Enqueued> enqueue(Handle handle, Enqueue statements, List<NewOperation> operations) {
        Query statement = operations.size() == 1
                ? ofOne(handle.createQuery(statements.one()), operations.get(0))
                : ofMany(handle.createQuery(statements.many()), operations);
        return statement
                .map((row, context) -> new Enqueued(row.getLong("id"), row.getBoolean("added")))
                .list();
    }

    private static Query ofOne(Query statement, NewOperation operation) {
        EnqueueOptions options = operation.options();
        return statement
                .bind("definition", options.definition())
                .bind("name", options.name())
                .bind("queue", options.queue())
                .bind("firstStep", options.firstStep())
                .bind("priority", options.priority().rank())
                .bind("at", text(options.at()))
                .bind("afterMicros", micros(options.after()))
                .bind("delayMicros", micros(options.firstDelay()))
                .bind("key", operation.key())
                .bind("params", operation.params())
                .bind("startAt", text(operation.startAt()));
    }

    private static Query ofMany(Query statement, List<NewOperation> operations) {
        Map<EnqueueOptions, Integer> places = new LinkedHashMap<>();
        List<Integer> ofEach = each(operations, one -> {
            int next = places.size() + 1;
            return places.computeIfAbsent(one.options(), unseen -> next);
        });
        List<EnqueueOptions> options = List.copyOf(places.keySet());
        return statement
                .bindArray("definitions", Integer.class, each(options, EnqueueOptions::definition))
                .bindArray("names", String.class, each(options, EnqueueOptions::name))
                .bindArray("queues", String.class, each(options, EnqueueOptions::queue))
                .bindArray("firstSteps", String.class, each(options, EnqueueOptions::firstStep))
                .bindArray(
                        "priorities",
                        Integer.class,
                        each(options, one -> one.priority().rank()))
                .bindArray("ats", String.class, each(options, one -> text(one.at())))
                .bindArray("afterMicros", Long.class, each(options, one -> micros(one.after())))
                .bindArray("delayMicros", Long.class, each(options, one -> micros(one.firstDelay())))
                .bindArray("options", Integer.class, ofEach)
                .bindArray("keys", String.class, each(operations, NewOperation::key))
                .bindArray("params", String.class, each(operations, NewOperation::params))
                .bindArray("startAts", String.class, each(operations, one -> text(one.startAt())));
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : TIME.format(time);
    }

    private static long micros(@Nullable Duration duration) {
        return duration == null ? 0 : TimeUnit.MICROSECONDS.convert(duration);
    }

    /** The operations of some names that hold some of the keys. */
    public List<KeyHolder> holders(Handle handle, KeyScope scope, Collection<String> names, Collection<String> keys) {
        return handle.createQuery(scoped(holders, scope))
                .bindArray("names", String.class, names)
                .bindArray("keys", String.class, keys)
                .map((row, context) -> new KeyHolder(row.getLong("id"), row.getString("key"), row.getString("params")))
                .list();
    }

    private static <T> T scoped(Map<KeyScope, T> statements, KeyScope scope) {
        return Objects.requireNonNull(statements.get(scope));
    }

    private static <T, R> List<R> each(List<T> items, Function<T, R> part) {
        return items.stream().map(part).toList();
    }

    /**
     * Reads operations whose work the caller has claimed. A statement of its own: joined into the claim it would see the
     * operation as it was before another worker's last record (the claim re-reads locked rows, but only those).
     */
    public List<OperationRow> readClaimed(Handle handle, Collection<Long> ids) {
        return handle.createQuery(readClaimed)
                .bindArray("ids", Long.class, ids)
                .map(OperationStore::operationRow)
                .list();
    }

    /** Reads the recorded steps of operations, each operation's in order. */
    public List<StepRow> readSteps(Handle handle, Collection<Long> ids) {
        return handle.createQuery(readSteps)
                .bindArray("ids", Long.class, ids)
                .map((row, context) -> new StepRow(
                        row.getLong("operation_id"),
                        row.getInt("seq"),
                        row.getString("name"),
                        row.getString("status"),
                        row.getString("outputs")))
                .list();
    }

    private static OperationRow operationRow(ResultSet row, StatementContext context) throws SQLException {
        return new OperationRow(
                row.getLong("id"),
                row.getInt("definition"),
                row.getString("name"),
                row.getString("params"),
                row.getString("next_step"),
                row.getInt("steps_done"),
                row.getBoolean("compensating"));
    }

    /** The statements that add several operations, and one. */
    private record Enqueue(String many, String one) {

        static Enqueue of(String statement, Schema schema) {
            return new Enqueue(schema.in(NEW_ROWS + statement), schema.in(NEW_ROW + statement));
        }
    }

    /** The operation that has a key; params are JSON. */
    public record KeyHolder(long id, String key, String params) {}

    /** A claimed operation; {@code nextStep} is null only where somebody edited the row. */
    public record OperationRow(
            long id,
            int definition,
            String name,
            String params,
            @Nullable String nextStep,
            int stepsDone,
            boolean compensating) {}

    /** A recorded step; {@code outputs} is JSON, or null where it has none. */
    public record StepRow(
            long operationId,
            int seq,
            String name,
            String status,
            @Nullable String outputs) {}
}
