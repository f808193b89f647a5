package dev.backops.internal.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * The statements with which a worker records what happened to the operations it has claimed. Every row is guarded by
 * operation, worker, token and the steps recorded before, so that a batch can be repeated and a worker that lost its lease
 * writes nothing. Each is one statement and needs no transaction around it.
 */
public final class JournalStore {

    /*
     * Everything follows from "moved", so that a row is recorded as a whole or not at all. Rows are locked in id order,
     * against deadlocks with rescues, and locked ones are skipped: a lock held in psql must not stop the others. What is
     * not returned was skipped, recorded before, or lost; see held() and recorded(). A wish to cancel or to pause is obeyed
     * behind the step that did happen. What is not to outlast the end goes with it. An operation ends when its last step does:
     * by that it is found. "ended" and "kept" are disjoint, since one statement may change a row only once. A
     * middle step of an untroubled operation does not write to work. WorkStore says why work is joined by "= ANY(ARRAY[id])".
     */
    private static final String RECORD_FINISHED = """
            WITH e AS MATERIALIZED (
              SELECT id, token, seq, step, attempt, status, next, outcome, compensating, outputs, final, ran_for, ended_ago,
                greatest(run_at::timestamptz, clock_timestamp() + run_in * interval '1 microsecond') AS run_at,
                clock_timestamp() - ended_ago * interval '1 microsecond' AS ended_at
              FROM unnest(:ids, :tokens, :seqs, :steps, :attempts, :statuses, :nexts, :outcomes, :compensating, :outputs,
                  :finals, :ranFor, :endedAgo, :runAts, :runIns)
                AS t(id, token, seq, step, attempt, status, next, outcome, compensating, outputs,
                  final, ran_for, ended_ago, run_at, run_in)),
            live AS (
              SELECT e.*, w.attempts AS tries, w.crashes,
                CASE
                  WHEN e.outcome IS NOT NULL THEN e.outcome
                  WHEN w.wanted = 'cancel' THEN 'cancelled'
                  WHEN w.wanted = 'pause' THEN 'paused'
                  WHEN e.run_at > clock_timestamp() THEN 'scheduled'
                  ELSE 'running'
                END AS state,
                CASE WHEN e.outcome IS NOT NULL OR w.wanted = 'cancel' THEN
                  (SELECT d.erased FROM ${schema}.definition d WHERE d.id = w.definition AND d.erased <> '{}')
                END AS erased
              FROM e JOIN ${schema}.work w ON w.operation_id = ANY(ARRAY[e.id]) AND w.token = e.token AND w.worker = :worker
              ORDER BY e.id FOR UPDATE OF w SKIP LOCKED),
            moved AS (
              UPDATE ${schema}.operation o
              SET steps_done = o.steps_done + 1,
                next_step = live.next,
                compensating = live.compensating,
                key = CASE WHEN live.state <> 'cancelled' THEN o.key END,
                params = CASE WHEN live.erased IS NULL THEN o.params ELSE ${schema}.without(o.params, live.erased) END,
                outputs = CASE WHEN live.erased IS NULL THEN live.final::jsonb ELSE ${schema}.without(live.final::jsonb, live.erased) END,
                outcome = CASE WHEN live.state IN ('completed', 'compensated', 'cancelled') THEN live.state END,
                finished_at = CASE WHEN live.state IN ('completed', 'compensated', 'cancelled') THEN live.ended_at END
              FROM live WHERE o.id = live.id AND o.steps_done = live.seq AND o.outcome IS NULL
              RETURNING live.*),
            ended AS (
              DELETE FROM ${schema}.work w USING moved WHERE moved.state = 'completed' AND w.operation_id = ANY(ARRAY[moved.id])),
            kept AS (
              UPDATE ${schema}.work w
              SET attempts = 0, crashes = 0, wanted = NULL, state = moved.state,
                run_at = CASE WHEN moved.state = 'running' THEN w.run_at ELSE moved.run_at END,
                worker = CASE WHEN moved.state = 'running' THEN w.worker END
              FROM moved
              WHERE moved.state <> 'completed' AND w.operation_id = ANY(ARRAY[moved.id])
                AND (moved.tries > 0 OR moved.crashes > 0 OR moved.state <> 'running')),
            forgot AS (
              UPDATE ${schema}.step s SET outputs = ${schema}.without(s.outputs, moved.erased)
              FROM moved WHERE moved.erased IS NOT NULL AND s.operation_id = moved.id),
            told AS (
              INSERT INTO ${schema}.step
                (operation_id, seq, name, status, token, worker, attempts, outputs, started_at, finished_at)
              SELECT id, seq, step, status, token, :worker, attempt,
                CASE WHEN erased IS NULL THEN outputs::jsonb ELSE ${schema}.without(outputs::jsonb, erased) END,
                ended_at - ran_for * interval '1 microsecond', ended_at
              FROM moved)
            SELECT id, state FROM moved
            """;

    /* A failed attempt takes the worker off the work row; a repetition of the statement so finds nothing to move. */
    private static final String RECORD_FAILED = """
            WITH e AS MATERIALIZED (
              SELECT * FROM unnest(:ids, :tokens, :seqs, :steps, :attempts, :retryIns, :classes, :messages, :frames, :traces)
                AS t(id, token, seq, step, attempt, retry_in, error_class, message, frame, stack_trace)),
            live AS (
              SELECT e.*,
                CASE
                  WHEN w.wanted = 'cancel' THEN 'cancelled'
                  WHEN e.retry_in IS NULL THEN 'failed'
                  WHEN w.wanted = 'pause' THEN 'paused'
                  WHEN e.retry_in = 0 THEN 'ready'
                  ELSE 'scheduled'
                END AS state,
                CASE WHEN w.wanted = 'cancel' THEN
                  (SELECT d.erased FROM ${schema}.definition d WHERE d.id = w.definition AND d.erased <> '{}')
                END AS erased
              FROM e JOIN ${schema}.work w ON w.operation_id = ANY(ARRAY[e.id]) AND w.token = e.token AND w.worker = :worker
              ORDER BY e.id FOR UPDATE OF w SKIP LOCKED),
            moved AS (
              UPDATE ${schema}.work w
              SET state = live.state, worker = NULL, wanted = NULL, attempts = live.attempt, crashes = 0,
                run_at = clock_timestamp() + coalesce(live.retry_in, 0) * interval '1 microsecond'
              FROM live WHERE w.operation_id = ANY(ARRAY[live.id])
              RETURNING live.*),
            dropped AS (
              UPDATE ${schema}.operation o
              SET outcome = 'cancelled', finished_at = clock_timestamp(), key = NULL,
                params = CASE WHEN moved.erased IS NULL THEN o.params ELSE ${schema}.without(o.params, moved.erased) END
              FROM moved WHERE moved.state = 'cancelled' AND o.id = moved.id),
            forgot AS (
              UPDATE ${schema}.step s SET outputs = ${schema}.without(s.outputs, moved.erased)
              FROM moved WHERE moved.erased IS NOT NULL AND s.operation_id = moved.id),
            told AS (
              INSERT INTO ${schema}.failure
                (operation_id, seq, step, token, worker, attempt, error_class, message, frame, stack_trace, failed_at)
              SELECT id, seq, step, token, :worker, attempt, error_class, message, frame, stack_trace, clock_timestamp()
              FROM moved)
            SELECT id, state FROM moved
            """;

    /* The last failure of a step that its failure branch follows: recorded with the step, in one transaction. */
    private static final String RECORD_LAST_FAILURE = """
            WITH e AS MATERIALIZED (
              SELECT * FROM unnest(:ids, :tokens, :seqs, :steps, :attempts, :retryIns, :classes, :messages, :frames, :traces)
                AS t(id, token, seq, step, attempt, retry_in, error_class, message, frame, stack_trace)),
            live AS (
              SELECT e.*
              FROM e JOIN ${schema}.work w ON w.operation_id = ANY(ARRAY[e.id]) AND w.token = e.token AND w.worker = :worker
                JOIN ${schema}.operation o ON o.id = e.id AND o.steps_done = e.seq
              ORDER BY e.id FOR UPDATE OF w SKIP LOCKED),
            told AS (
              INSERT INTO ${schema}.failure
                (operation_id, seq, step, token, worker, attempt, error_class, message, frame, stack_trace, failed_at)
              SELECT id, seq, step, token, :worker, attempt, error_class, message, frame, stack_trace, clock_timestamp()
              FROM live)
            SELECT id FROM live
            """;

    /* Joins, not EXISTS: the planner hashes the whole table for that, and this one grows for ever. */
    private static final String RECORDED = """
            WITH e AS MATERIALIZED (SELECT * FROM unnest(:ids, :tokens, :seqs) AS t(id, token, seq))
            SELECT e.id FROM e JOIN ${schema}.step s
              ON s.operation_id = e.id AND s.seq = e.seq AND s.token = e.token AND s.worker = :worker
            UNION ALL
            SELECT e.id FROM e JOIN ${schema}.failure f
              ON f.operation_id = e.id AND f.seq = e.seq AND f.token = e.token AND f.worker = :worker
            """;

    private static final String HELD = """
            SELECT e.id, o.id IS NULL AS changed
            FROM unnest(:ids, :tokens, :seqs) AS e(id, token, seq)
            JOIN ${schema}.work w ON w.operation_id = ANY(ARRAY[e.id]) AND w.token = e.token AND w.worker = :worker
            LEFT JOIN ${schema}.operation o ON o.id = e.id AND o.steps_done = e.seq AND o.outcome IS NULL
            """;

    private static final String LOCK_FREE = """
            SELECT id FROM ${schema}.operation WHERE id = ANY(:ids) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
            """;

    /*
     * The same for one step. No table is joined, each row is reached by its id: there is no other plan, whatever the tables
     * hold, so that it can be kept, and planning takes longer than all the rest.
     */
    private static final String RECORD_ONE = RECORD_FINISHED
            .replaceFirst("(?s)unnest\\(:ids.*?:runIns\\)", """
                    (VALUES (CAST(:id AS bigint), CAST(:token AS int), CAST(:seq AS int), CAST(:step AS text),
                      CAST(:attempt AS int), CAST(:status AS text), CAST(:next AS text), CAST(:outcome AS text),
                      CAST(:compensating AS boolean), CAST(:outputs AS text), CAST(:final AS text), CAST(:ranFor AS bigint),
                      CAST(:endedAgo AS bigint), CAST(:runAt AS text), CAST(:runIn AS bigint)))""")
            .replaceAll("w\\.operation_id = ANY\\(ARRAY\\[\\w+\\.id]\\)", "w.operation_id = :id")
            .replace("o.id = live.id", "o.id = :id")
            .replace("_id = moved.id", "_id = :id");

    /*
     * The same inside of a step's own transaction. The lock of the row comes last there and is waited for, since it is the one
     * row; a transaction that the step has ended behind our back records nothing. From here to the commit nobody is to wait
     * for a process that freezes, and the commit is to be on disk, whatever the pool's default. What the plan needs is set
     * for what is left of the transaction, behind everything of the user's, and comes in one round trip with the rest.
     */
    private static final String RECORD_INSIDE = """
            SET LOCAL idle_in_transaction_session_timeout = '5s'; SET LOCAL enable_seqscan = off;
            SET LOCAL enable_bitmapscan = off; SET LOCAL plan_cache_mode = force_generic_plan;
            """
            + RECORD_ONE
                    .replace(
                            "ORDER BY e.id FOR UPDATE OF w SKIP LOCKED",
                            "WHERE current_setting('backops.step', true) = 'open' FOR UPDATE OF w")
                    .replace(
                            "SELECT id, state FROM moved",
                            "SELECT id, state, " + EngineSession.DURABLE_COLUMN + " FROM moved");

    private static final String LOCK_HELD = """
            SELECT operation_id FROM ${schema}.work
            WHERE operation_id = :id AND token = :token AND worker = :worker FOR UPDATE
            """;

    /* A replica that nobody has promoted yet, or a server that a full disk has made read-only. */
    private static final String IS_READ_ONLY = """
            SELECT pg_is_in_recovery() OR CAST(current_setting('default_transaction_read_only') AS boolean)
            """;

    private final String recordFinished;
    private final String recordOne;
    private final String recordInside;
    private final String lockHeld;
    private final String recordFailed;
    private final String recordLastFailure;
    private final String recorded;
    private final String held;
    private final String lockFree;

    public JournalStore(Schema schema) {
        recordFinished = schema.in(RECORD_FINISHED);
        recordOne = schema.in(RECORD_ONE);
        recordInside = schema.in(RECORD_INSIDE);
        lockHeld = schema.in(LOCK_HELD);
        recordFailed = schema.in(RECORD_FAILED);
        recordLastFailure = schema.in(RECORD_LAST_FAILURE);
        recorded = schema.in(RECORDED);
        held = schema.in(HELD);
        lockFree = schema.in(LOCK_FREE);
    }

    /**
     * Records steps that are over and moves their operations on; returns the states of those that moved, by id. {@code
     * running} means that the worker has it still.
     *
     * <p>One alone has a statement of its own, whose plan {@linkplain EngineSession#useKeptPlans may be kept}.
     */
    public Map<Long, String> recordFinished(Handle handle, long worker, List<FinishedRow> rows) {
        return states(
                rows.size() == 1
                        ? bindOne(handle.createQuery(recordOne), worker, rows.get(0))
                        : bindFinished(handle.createQuery(recordFinished), worker, rows));
    }

    /**
     * Records a step inside of its own transaction, as the last statement; returns the state of the operation if it moved.
     * If not, the operation is not this worker's any more, or it was changed, or this is not the step's transaction.
     */
    public Optional<String> recordInside(Handle handle, long worker, FinishedRow row) {
        return bindOne(handle.createQuery(recordInside), worker, row).execute((statement, context) -> {
            try (ResultSet moved = lastResult(statement.get())) {
                return moved.next() ? Optional.of(moved.getString("state")) : Optional.empty();
            }
        });
    }

    private static ResultSet lastResult(PreparedStatement statements) throws SQLException {
        while (!statements.getMoreResults()) {
            if (statements.getUpdateCount() == -1) {
                throw new SQLException("The statement has answered nothing");
            }
        }
        return statements.getResultSet();
    }

    /**
     * Locks the work of an operation if this worker still holds it, and waits for whoever has it locked: a statement whose
     * connection was lost is over then, in this way or that.
     */
    public void lockHeld(Handle handle, long worker, AttemptKey key) {
        handle.createQuery(lockHeld)
                .bind("id", key.operationId())
                .bind("token", key.token())
                .bind("worker", worker)
                .mapTo(Long.class)
                .findOne();
    }

    private static Query bindOne(Query query, long worker, FinishedRow row) {
        AttemptKey key = row.attempt().key();
        return query.bind("worker", worker)
                .bind("id", key.operationId())
                .bind("token", key.token())
                .bind("seq", key.seq())
                .bind("step", row.attempt().step())
                .bind("attempt", row.attempt().number())
                .bind("status", row.status())
                .bind("next", row.nextStep())
                .bind("runIn", row.runIn())
                .bind("runAt", row.runAt())
                .bind("compensating", row.compensating())
                .bind("outcome", row.outcome())
                .bind("outputs", row.outputs())
                .bind("final", row.finalOutputs())
                .bind("ranFor", row.ranForMicros())
                .bind("endedAgo", row.endedAgoMicros());
    }

    private static Query bindFinished(Query query, long worker, List<FinishedRow> rows) {
        query.bindArray("statuses", String.class, each(rows, FinishedRow::status))
                .bindArray("nexts", String.class, each(rows, FinishedRow::nextStep))
                .bindArray("runIns", Long.class, each(rows, FinishedRow::runIn))
                .bindArray("runAts", String.class, each(rows, FinishedRow::runAt))
                .bindArray("compensating", Boolean.class, each(rows, FinishedRow::compensating))
                .bindArray("outcomes", String.class, each(rows, FinishedRow::outcome))
                .bindArray("outputs", String.class, each(rows, FinishedRow::outputs))
                .bindArray("finals", String.class, each(rows, FinishedRow::finalOutputs))
                .bindArray("ranFor", Long.class, each(rows, FinishedRow::ranForMicros))
                .bindArray("endedAgo", Long.class, each(rows, FinishedRow::endedAgoMicros));
        return bindAttempts(query, worker, each(rows, FinishedRow::attempt));
    }

    /** Records failed attempts; returns the states of the operations that moved, by id. */
    public Map<Long, String> recordFailed(Handle handle, long worker, List<FailedRow> rows) {
        return states(bindFailures(handle.createQuery(recordFailed), worker, rows));
    }

    /**
     * Records the last failures of steps that their failure branch follows, before {@link #recordFinished} in the same
     * transaction; returns the ids of the operations that this worker holds, and from now on has locked.
     */
    public Set<Long> recordLastFailures(Handle handle, long worker, List<FailedRow> rows) {
        return ids(bindFailures(handle.createQuery(recordLastFailure), worker, rows));
    }

    /** Those of the attempts whose outcome is recorded already, by a statement whose answer was lost. */
    public Set<Long> recorded(Handle handle, long worker, List<AttemptKey> attempts) {
        return ids(bindKeys(handle.createQuery(recorded), worker, attempts));
    }

    /**
     * Those of the attempts whose operation this worker still holds. To be asked before {@link #recorded}: a statement whose
     * connection was lost may still run and commit between the two.
     */
    public List<Held> held(Handle handle, long worker, List<AttemptKey> attempts) {
        return bindKeys(handle.createQuery(held), worker, attempts)
                .map((row, context) -> new Held(row.getLong("id"), row.getBoolean("changed")))
                .list();
    }

    /** Locks those operations that nobody else has locked, until the end of the caller's transaction; returns their ids. */
    public Set<Long> lockFree(Handle handle, Collection<Long> ids) {
        return ids(handle.createQuery(lockFree).bindArray("ids", Long.class, ids));
    }

    /** Whether nothing can be recorded now, whoever tries. */
    public boolean isReadOnly(Handle handle) {
        return handle.createQuery(IS_READ_ONLY).mapTo(Boolean.class).one();
    }

    private static Query bindFailures(Query query, long worker, List<FailedRow> rows) {
        query.bindArray("retryIns", Long.class, each(rows, FailedRow::retryInMicros))
                .bindArray("classes", String.class, each(rows, FailedRow::errorClass))
                .bindArray("messages", String.class, each(rows, FailedRow::message))
                .bindArray("frames", String.class, each(rows, FailedRow::frame))
                .bindArray("traces", String.class, each(rows, FailedRow::stackTrace));
        return bindAttempts(query, worker, each(rows, FailedRow::attempt));
    }

    private static Map<Long, String> states(Query query) {
        return query.map((row, context) -> Map.entry(row.getLong("id"), row.getString("state")))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Query bindAttempts(Query query, long worker, List<Attempt> attempts) {
        return bindKeys(query, worker, each(attempts, Attempt::key))
                .bindArray("steps", String.class, each(attempts, Attempt::step))
                .bindArray("attempts", Integer.class, each(attempts, Attempt::number));
    }

    private static Query bindKeys(Query query, long worker, List<AttemptKey> keys) {
        return query.bind("worker", worker)
                .bindArray("ids", Long.class, each(keys, AttemptKey::operationId))
                .bindArray("tokens", Integer.class, each(keys, AttemptKey::token))
                .bindArray("seqs", Integer.class, each(keys, AttemptKey::seq));
    }

    private static Set<Long> ids(Query query) {
        return query.mapTo(Long.class).collect(Collectors.toSet());
    }

    private static <T, R> List<R> each(Collection<T> items, Function<T, R> part) {
        return items.stream().map(part).toList();
    }

    /**
     * What guards a record.
     *
     * @param token the token of the claim
     * @param seq how many steps were recorded before
     */
    public record AttemptKey(long operationId, int token, int seq) {}

    /** One attempt at a step; {@code number} counts from 1. */
    public record Attempt(AttemptKey key, String step, int number) {}

    /**
     * An operation that this worker holds.
     *
     * @param changed whether its row is gone, or not any more as it was when the attempt began, so that no step can follow
     */
    public record Held(long id, boolean changed) {}

    /**
     * A step that is over.
     *
     * @param status completed, or failed where the failure branch follows
     * @param next what follows, or null at the end
     * @param compensating whether a failure branch runs from now on
     * @param outcome how the operation ended, or null if it goes on
     * @param outputs JSON, or null if the step has none
     * @param finalOutputs the outputs of all steps, JSON, at the end, else null
     * @param ranForMicros how long the step ran
     * @param endedAgoMicros how long ago it ended
     */
    public record FinishedRow(
            Attempt attempt,
            String status,
            @Nullable Next next,
            boolean compensating,
            @Nullable String outcome,
            @Nullable String outputs,
            @Nullable String finalOutputs,
            long ranForMicros,
            long endedAgoMicros) {

        @Nullable
        String nextStep() {
            return next == null ? null : next.step();
        }

        long runIn() {
            return next == null ? 0 : next.runInMicros();
        }

        @Nullable
        String runAt() {
            return next == null || next.runAt() == null ? null : next.runAt().toString();
        }
    }

    /**
     * The step that follows.
     *
     * @param runInMicros how long after the record it runs, 0 for at once
     * @param runAt the time before which it does not run, or null
     */
    public record Next(
            String step, long runInMicros, @Nullable Instant runAt) {}

    /**
     * A step that threw.
     *
     * @param retryInMicros how long until the next attempt, or null if the operation has failed
     */
    public record FailedRow(
            Attempt attempt,
            @Nullable Long retryInMicros,
            String errorClass,
            @Nullable String message,
            @Nullable String frame,
            String stackTrace) {}
}
