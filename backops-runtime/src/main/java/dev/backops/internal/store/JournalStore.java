package dev.backops.internal.store;

import java.util.Collection;
import java.util.List;
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
     * not returned was skipped, recorded before, or lost; see recorded() and held(). "ended" and "kept" are disjoint,
     * since one statement may change a row only once. A middle step of an untroubled operation does not write to work.
     */
    private static final String RECORD_FINISHED = """
            WITH e AS MATERIALIZED (
              SELECT * FROM unnest(:ids, :tokens, :seqs, :steps, :nexts, :outputs, :finals, :attempts, :ranFor, :endedAgo)
                AS t(id, token, seq, step, next, outputs, final, attempt, ran_for, ended_ago)),
            live AS (
              SELECT e.*, w.attempts AS tries, w.crashes
              FROM e JOIN ${schema}.work w ON w.operation_id = e.id AND w.token = e.token AND w.worker = :worker
              ORDER BY e.id FOR UPDATE OF w SKIP LOCKED),
            moved AS (
              UPDATE ${schema}.operation o
              SET steps_done = o.steps_done + 1,
                next_step = live.next,
                outputs = live.final::jsonb,
                outcome = CASE WHEN live.next IS NULL THEN 'completed' END,
                finished_at = CASE WHEN live.next IS NULL THEN clock_timestamp() END
              FROM live WHERE o.id = live.id AND o.steps_done = live.seq AND o.outcome IS NULL
              RETURNING live.*),
            ended AS (
              DELETE FROM ${schema}.work w USING moved WHERE moved.next IS NULL AND w.operation_id = moved.id),
            kept AS (
              UPDATE ${schema}.work w SET attempts = 0, crashes = 0
              FROM moved
              WHERE moved.next IS NOT NULL AND w.operation_id = moved.id AND (moved.tries > 0 OR moved.crashes > 0)),
            told AS (
              INSERT INTO ${schema}.step
                (operation_id, seq, name, token, worker, attempts, outputs, started_at, finished_at)
              SELECT id, seq, step, token, :worker, attempt, outputs::jsonb,
                clock_timestamp() - (ran_for + ended_ago) * interval '1 microsecond',
                clock_timestamp() - ended_ago * interval '1 microsecond'
              FROM moved)
            SELECT id FROM moved
            """;

    /* A failed attempt takes the worker off the work row; a repetition of the statement so finds nothing to move. */
    private static final String RECORD_FAILED = """
            WITH e AS MATERIALIZED (
              SELECT * FROM unnest(:ids, :tokens, :seqs, :steps, :attempts, :retryIns, :classes, :messages, :frames, :traces)
                AS t(id, token, seq, step, attempt, retry_in, error_class, message, frame, stack_trace)),
            live AS (
              SELECT e.*
              FROM e JOIN ${schema}.work w ON w.operation_id = e.id AND w.token = e.token AND w.worker = :worker
              ORDER BY e.id FOR UPDATE OF w SKIP LOCKED),
            moved AS (
              UPDATE ${schema}.work w
              SET state = CASE
                  WHEN live.retry_in IS NULL THEN 'failed' WHEN live.retry_in = 0 THEN 'ready' ELSE 'scheduled' END,
                worker = NULL,
                run_at = clock_timestamp() + coalesce(live.retry_in, 0) * interval '1 microsecond',
                attempts = live.attempt,
                crashes = 0
              FROM live WHERE w.operation_id = live.id
              RETURNING live.*),
            told AS (
              INSERT INTO ${schema}.failure
                (operation_id, seq, step, token, worker, attempt, error_class, message, frame, stack_trace, failed_at)
              SELECT id, seq, step, token, :worker, attempt, error_class, message, frame, stack_trace, clock_timestamp()
              FROM moved)
            SELECT id FROM moved
            """;

    private static final String RECORDED = """
            SELECT e.id FROM unnest(:ids, :tokens, :seqs) AS e(id, token, seq)
            WHERE EXISTS (SELECT FROM ${schema}.step s
                WHERE s.operation_id = e.id AND s.seq = e.seq AND s.token = e.token AND s.worker = :worker)
              OR EXISTS (SELECT FROM ${schema}.failure f
                WHERE f.operation_id = e.id AND f.seq = e.seq AND f.token = e.token AND f.worker = :worker)
            """;

    private static final String HELD = """
            SELECT e.id FROM unnest(:ids, :tokens, :seqs) AS e(id, token, seq)
            JOIN ${schema}.work w ON w.operation_id = e.id AND w.token = e.token AND w.worker = :worker
            """;

    private final String recordFinished;
    private final String recordFailed;
    private final String recorded;
    private final String held;

    public JournalStore(Schema schema) {
        recordFinished = schema.in(RECORD_FINISHED);
        recordFailed = schema.in(RECORD_FAILED);
        recorded = schema.in(RECORDED);
        held = schema.in(HELD);
    }

    /** Records finished steps; returns the ids of the operations that moved. */
    public Set<Long> recordFinished(Handle handle, long worker, List<FinishedRow> rows) {
        Query query = handle.createQuery(recordFinished)
                .bindArray("nexts", String.class, each(rows, FinishedRow::nextStep))
                .bindArray("outputs", String.class, each(rows, FinishedRow::outputs))
                .bindArray("finals", String.class, each(rows, FinishedRow::finalOutputs))
                .bindArray("ranFor", Long.class, each(rows, FinishedRow::ranForMicros))
                .bindArray("endedAgo", Long.class, each(rows, FinishedRow::endedAgoMicros));
        return ids(bindAttempts(query, worker, each(rows, FinishedRow::attempt)));
    }

    /** Records failed attempts; returns the ids of the operations that moved. */
    public Set<Long> recordFailed(Handle handle, long worker, List<FailedRow> rows) {
        Query query = handle.createQuery(recordFailed)
                .bindArray("retryIns", Long.class, each(rows, FailedRow::retryInMicros))
                .bindArray("classes", String.class, each(rows, FailedRow::errorClass))
                .bindArray("messages", String.class, each(rows, FailedRow::message))
                .bindArray("frames", String.class, each(rows, FailedRow::frame))
                .bindArray("traces", String.class, each(rows, FailedRow::stackTrace));
        return ids(bindAttempts(query, worker, each(rows, FailedRow::attempt)));
    }

    /** Those of the attempts whose outcome is recorded already, by a statement whose answer was lost. */
    public Set<Long> recorded(Handle handle, long worker, List<AttemptKey> attempts) {
        return ids(bindKeys(handle.createQuery(recorded), worker, attempts));
    }

    /** Those of the attempts whose operation this worker still holds. */
    public Set<Long> held(Handle handle, long worker, List<AttemptKey> attempts) {
        return ids(bindKeys(handle.createQuery(held), worker, attempts));
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
     * A step that returned.
     *
     * @param nextStep null if it was the last one
     * @param outputs JSON, or null if the step has none
     * @param finalOutputs the outputs of all steps, JSON, if it was the last one, else null
     * @param ranForMicros how long the step ran
     * @param endedAgoMicros how long ago it returned
     */
    public record FinishedRow(
            Attempt attempt,
            @Nullable String nextStep,
            @Nullable String outputs,
            @Nullable String finalOutputs,
            long ranForMicros,
            long endedAgoMicros) {}

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
