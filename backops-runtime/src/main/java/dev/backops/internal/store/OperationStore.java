package dev.backops.internal.store;

import dev.backops.Enqueued;
import dev.backops.annotation.KeyScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Statements on {@code operation}, and those that create it together with its {@code work}. Callers own the transaction. */
public final class OperationStore {

    /* Ids are drawn in the order of the params, so that the ids sorted are in that order too: RETURNING promises none. */
    private static final String NEW = """
            WITH new AS MATERIALIZED (
              SELECT nextval('${schema}.operation_id_seq') AS id, key, params,
                greatest(start_at::timestamptz,
                  coalesce(CAST(:at AS timestamptz), clock_timestamp() + :afterMicros * interval '1 microsecond')
                    + :delayMicros * interval '1 microsecond') AS run_at
              FROM (
                SELECT key, params, start_at FROM unnest(:keys, :params, :startAts) WITH ORDINALITY
                  AS t(key, params, start_at, place)
                ORDER BY place) AS ordered),
            """;

    private static final String ENQUEUE = NEW + """
            added AS (
              INSERT INTO ${schema}.operation (id, definition, name, params, next_step)
              SELECT id, :definition, :name, params::jsonb, :firstStep FROM new),
            work AS (
              INSERT INTO ${schema}.work (operation_id, definition, queue, priority, run_at, state)
              SELECT id, :definition, :queue, :priority, run_at,
                CASE WHEN run_at > clock_timestamp() THEN 'scheduled' ELSE 'ready' END
              FROM new)
            SELECT id, true AS added FROM new ORDER BY id
            """;

    /*
     * With keys. A conflict adds nothing: the caller asks for the other one's id in a second statement, since this one's
     * snapshot is too old to see it. Rows are added in the order given, which is that of the keys, against deadlocks. "IS
     * TRUE" keeps the planner from making a join of it, which would compare each row with each where joins are nested loops.
     *
     * A key that holds for ever is unique among operations. One that holds until the end is unique among what is left to do:
     * it is free again as the work row goes, or is marked as over, and no update of the operation touches an index for it.
     */
    private static final String ENQUEUE_KEYS_FOREVER = NEW + """
            added AS (
              INSERT INTO ${schema}.operation (id, definition, name, key, key_scope, params, next_step)
              SELECT id, :definition, :name, key, 'forever', params::jsonb, :firstStep FROM new ORDER BY id
              ON CONFLICT (name, key) WHERE key IS NOT NULL AND key_scope = 'forever' DO NOTHING
              RETURNING id),
            work AS (
              INSERT INTO ${schema}.work (operation_id, definition, queue, priority, run_at, state)
              SELECT id, :definition, :queue, :priority, run_at,
                CASE WHEN run_at > clock_timestamp() THEN 'scheduled' ELSE 'ready' END
              FROM new WHERE (id IN (SELECT id FROM added)) IS TRUE)
            SELECT id, (id IN (SELECT id FROM added)) IS TRUE AS added FROM new ORDER BY id
            """;

    private static final String ENQUEUE_KEYS_UNFINISHED = NEW + """
            added AS (
              INSERT INTO ${schema}.work (operation_id, definition, queue, priority, run_at, state, key)
              SELECT id, :definition, :queue, :priority, run_at,
                CASE WHEN run_at > clock_timestamp() THEN 'scheduled' ELSE 'ready' END, :name || ':' || key
              FROM new ORDER BY id
              ON CONFLICT (key) WHERE key IS NOT NULL AND state NOT IN ('cancelled', 'compensated') DO NOTHING
              RETURNING operation_id),
            operation AS (
              INSERT INTO ${schema}.operation (id, definition, name, key, key_scope, params, next_step)
              SELECT id, :definition, :name, key, 'unfinished', params::jsonb, :firstStep
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

    private final String enqueue;
    private final Map<KeyScope, String> enqueueKeys;
    private final Map<KeyScope, String> holders;
    private final String readClaimed;
    private final String readSteps;

    public OperationStore(Schema schema) {
        enqueue = schema.in(ENQUEUE);
        enqueueKeys = Map.of(
                KeyScope.FOREVER, schema.in(ENQUEUE_KEYS_FOREVER),
                KeyScope.UNFINISHED, schema.in(ENQUEUE_KEYS_UNFINISHED));
        holders = Map.of(
                KeyScope.FOREVER, schema.in(HOLDERS_FOREVER),
                KeyScope.UNFINISHED, schema.in(HOLDERS_UNFINISHED));
        readClaimed = schema.in(READ_CLAIMED);
        readSteps = schema.in(READ_STEPS);
    }

    /**
     * Adds operations and their work in one statement; returns their ids in the order of {@code params}. All of these have a
     * key or none has. Those whose key is taken, by an operation or by another one of these, are not added. Keys are to come
     * in the order of their text, over all statements of a transaction: others wait for its end, and may not come from the
     * other side.
     */
    public List<Enqueued> enqueue(Handle handle, NewOperation operation, List<NewParams> params) {
        boolean keyed = params.stream().anyMatch(one -> one.key() != null);
        var after = operation.after();
        var at = operation.at();
        return handle.createQuery(keyed ? scoped(enqueueKeys, operation.keyScope()) : enqueue)
                .bindArray("keys", String.class, each(params, NewParams::key))
                .bindArray("params", String.class, each(params, NewParams::json))
                .bindArray("startAts", String.class, each(params, NewParams::startAtText))
                .bind("delayMicros", TimeUnit.MICROSECONDS.convert(operation.firstDelay()))
                .bind("definition", operation.definition())
                .bind("name", operation.name())
                .bind("queue", operation.queue())
                .bind("firstStep", operation.firstStep())
                .bind("priority", operation.priority().rank())
                .bind("at", at == null ? null : OffsetDateTime.ofInstant(at, ZoneOffset.UTC))
                .bind("afterMicros", after == null ? 0L : TimeUnit.MICROSECONDS.convert(after))
                .map((row, context) -> new Enqueued(row.getLong("id"), row.getBoolean("added")))
                .list();
    }

    /** The operations of some names that hold some of the keys. */
    public List<KeyHolder> holders(Handle handle, KeyScope scope, Collection<String> names, Collection<String> keys) {
        return handle.createQuery(scoped(holders, scope))
                .bindArray("names", String.class, names)
                .bindArray("keys", String.class, keys)
                .map((row, context) -> new KeyHolder(row.getLong("id"), row.getString("key"), row.getString("params")))
                .list();
    }

    private static String scoped(Map<KeyScope, String> statements, KeyScope scope) {
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

    /**
     * The params of one new operation.
     *
     * @param json all of them, an object
     * @param startAt the time before which its first step does not run, or null
     * @param key what makes it unique under its name, or null
     */
    public record NewParams(
            String json,
            @Nullable Instant startAt,
            @Nullable String key) {

        @Nullable
        private String startAtText() {
            return startAt == null ? null : startAt.toString();
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
