package dev.backops.internal.store;

import dev.backops.Status;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;

/** Deletes operations that have ended, with every row that belongs to them. Callers own the transaction. */
public final class PruneStore {

    /*
     * The bound on created_at, which never changes, lets the index find old operations; without it each look reads the whole
     * table. Locked first, skipping what others hold, so that nothing is deleted that somebody is about to change.
     */
    private static final String PRUNE = """
            WITH old AS MATERIALIZED (
              SELECT one.id FROM ${schema}.definition d CROSS JOIN LATERAL (
                SELECT id FROM ${schema}.operation
                WHERE definition = d.id AND created_at < now() - :ageMicros * interval '1 microsecond'
                  AND finished_at < now() - :ageMicros * interval '1 microsecond' AND outcome = :outcome
                ORDER BY created_at, id LIMIT :limit FOR UPDATE SKIP LOCKED) AS one
              LIMIT :limit),
            works AS (DELETE FROM ${schema}.work w USING old WHERE w.operation_id = old.id),
            steps AS (DELETE FROM ${schema}.step s USING old WHERE s.operation_id = old.id),
            failures AS (DELETE FROM ${schema}.failure f USING old WHERE f.operation_id = old.id),
            audits AS (DELETE FROM ${schema}.audit a USING old WHERE a.operation_id = old.id)
            DELETE FROM ${schema}.operation o USING old WHERE o.id = old.id
            """;

    private final String prune;

    public PruneStore(Schema schema) {
        prune = schema.in(PRUNE);
    }

    /** Deletes the oldest operations that ended so, longer ago than {@code age}; returns how many, at most {@code limit}. */
    public int prune(Handle handle, Status outcome, Duration age, int limit) {
        return handle.createUpdate(prune)
                .bind("outcome", outcome.sql())
                .bind("ageMicros", TimeUnit.MICROSECONDS.convert(age))
                .bind("limit", limit)
                .execute();
    }
}
