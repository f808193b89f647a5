package dev.backops.internal.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Statements on {@code operation}, and those that create it together with its {@code work}. Callers own the transaction. */
public final class OperationStore {

    /*
     * Ids are drawn in the order of the params, so that the ids sorted are in that order too: RETURNING promises none.
     * Without a key nothing conflicts, and all are added. With one there is one operation, and a conflict adds nothing: the caller asks for the other one's id in a
     * second statement: this one's snapshot is too old to see it.
     */
    private static final String ENQUEUE = """
            WITH new AS MATERIALIZED (
              SELECT nextval('${schema}.operation_id_seq') AS id, params,
                greatest(start_at::timestamptz,
                  coalesce(CAST(:at AS timestamptz), clock_timestamp() + :afterMicros * interval '1 microsecond')
                    + :delayMicros * interval '1 microsecond') AS run_at
              FROM (
                SELECT params, start_at FROM unnest(:params, :startAts) WITH ORDINALITY AS t(params, start_at, place)
                ORDER BY place) AS ordered),
            added AS (
              INSERT INTO ${schema}.operation (id, definition, name, key, params, next_step)
              SELECT id, :definition, :name, :key, params::jsonb, :firstStep FROM new
              ON CONFLICT (name, key) WHERE key IS NOT NULL DO NOTHING
              RETURNING id),
            work AS (
              INSERT INTO ${schema}.work (operation_id, definition, priority, run_at, state)
              SELECT id, :definition, :priority, run_at,
                CASE WHEN run_at > clock_timestamp() THEN 'scheduled' ELSE 'ready' END
              FROM new WHERE (SELECT count(*) FROM added) > 0)
            SELECT id FROM added ORDER BY id
            """;

    private static final String FIND_BY_KEY = """
            SELECT id, params = CAST(:params AS jsonb) AS same_params FROM ${schema}.operation
            WHERE name = :name AND key = :key
            """;

    private static final String READ_CLAIMED = """
            SELECT id, definition, name, params, next_step, steps_done, compensating FROM ${schema}.operation WHERE id = ANY(:ids)
            """;

    private static final String READ_STEPS = """
            SELECT operation_id, name, status, outputs FROM ${schema}.step
            WHERE operation_id = ANY(:ids) ORDER BY operation_id, seq
            """;

    private final String enqueue;
    private final String findByKey;
    private final String readClaimed;
    private final String readSteps;

    public OperationStore(Schema schema) {
        enqueue = schema.in(ENQUEUE);
        findByKey = schema.in(FIND_BY_KEY);
        readClaimed = schema.in(READ_CLAIMED);
        readSteps = schema.in(READ_STEPS);
    }

    /**
     * Adds operations and their work in one statement; returns the ids in the order of {@code params}. With a key there
     * may be only one, and the answer is empty if the key is taken.
     */
    public List<Long> enqueue(Handle handle, NewOperation operation, List<NewParams> params) {
        var after = operation.after();
        var at = operation.at();
        return handle.createQuery(enqueue)
                .bindArray(
                        "params",
                        String.class,
                        params.stream().map(NewParams::json).toList())
                .bindArray(
                        "startAts",
                        String.class,
                        params.stream().map(NewParams::startAtText).toList())
                .bind("delayMicros", TimeUnit.MICROSECONDS.convert(operation.firstDelay()))
                .bind("definition", operation.definition())
                .bind("name", operation.name())
                .bind("key", operation.key())
                .bind("firstStep", operation.firstStep())
                .bind("priority", operation.priority().rank())
                .bind("at", at == null ? null : OffsetDateTime.ofInstant(at, ZoneOffset.UTC))
                .bind("afterMicros", after == null ? 0L : TimeUnit.MICROSECONDS.convert(after))
                .mapTo(Long.class)
                .list();
    }

    /** The operation that holds a key. */
    public Optional<KeyHolder> findByKey(Handle handle, String name, String key, String params) {
        return handle.createQuery(findByKey)
                .bind("name", name)
                .bind("key", key)
                .bind("params", params)
                .map((row, context) -> new KeyHolder(row.getLong("id"), row.getBoolean("same_params")))
                .findOne();
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
     */
    public record NewParams(String json, @Nullable Instant startAt) {

        private @Nullable String startAtText() {
            return startAt == null ? null : startAt.toString();
        }
    }

    /**
     * The operation that was there first.
     *
     * @param sameParams whether it was enqueued with the same params
     */
    public record KeyHolder(long id, boolean sameParams) {}

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
            String name,
            String status,
            @Nullable String outputs) {}
}
