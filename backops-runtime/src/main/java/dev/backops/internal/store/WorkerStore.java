package dev.backops.internal.store;

import dev.backops.internal.json.Json;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Statements on {@code worker}. Leases are kept by the database's clock. Callers own the transaction. */
public final class WorkerStore {

    private static final String REGISTER = """
            INSERT INTO ${schema}.worker (id, host, pid, lease_end, lease, definitions, lacks, leaves)
            VALUES (:id, :host, :pid, now() + :leaseMicros * interval '1 microsecond',
              :leaseMicros * interval '1 microsecond', :definitions, :lacks::jsonb, :leaves)
            """;

    /*
     * A gap ends a worker's right to bury others: after an outage every lease looks expired. One and a half intervals are
     * the most: if an outage takes longer, others, whose last heartbeat was almost an interval before it, and who come back
     * a little later, may be past their lease of three intervals. A heartbeat of the future says that the clock was set back,
     * which is a gap as well.
     */
    private static final String BEAT = """
            UPDATE ${schema}.worker
            SET since = CASE
                WHEN beat_at BETWEEN now() - 1.5 * :intervalMicros * interval '1 microsecond' AND now() THEN since
                ELSE now() END,
              beat_at = now(),
              lease_end = now() + :leaseMicros * interval '1 microsecond',
              definitions = :definitions,
              lacks = :lacks::jsonb,
              leaves = :leaves
            WHERE id = :id AND lease_end > '-infinity'
            """;

    private static final String NOTE = """
            UPDATE ${schema}.worker SET notes = CAST(:notes AS jsonb) WHERE id = :id
            """;

    /*
     * The longer one of both leases counts: the other's, since it may take that long to come back after an outage, and our
     * own, since our heartbeats span any outage that is shorter than half of that. Ours are unbroken until now, not only until
     * the last one. A lease is over too if its last heartbeat lies ahead by more than a lease: the clock was set back then,
     * and whoever lives has sent another one since.
     */
    private static final String BURY = """
            WITH dead AS MATERIALIZED (
              SELECT other.id FROM ${schema}.worker me JOIN ${schema}.worker other ON other.id <> me.id
              WHERE me.id = :id AND me.lease_end > now() AND me.beat_at BETWEEN now() - me.lease / 2 AND now()
                AND me.since < now() - greatest(me.lease, other.lease)
                AND (other.lease_end + greatest(me.lease - other.lease, interval '0') < now()
                  OR other.beat_at > now() + greatest(me.lease, other.lease))
                AND other.lease_end > '-infinity'
              ORDER BY other.id FOR UPDATE OF other SKIP LOCKED)
            UPDATE ${schema}.worker w SET lease_end = '-infinity' FROM dead WHERE w.id = dead.id
            """;

    /*
     * Somebody has deleted their rows. Nobody knows how long their leases were: none longer than the longest that is known. It
     * reads all that is left to do, so only the worker with the lowest id looks.
     */
    private static final String RESTORE = """
            INSERT INTO ${schema}.worker (id, host, pid, lease_end, lease, definitions)
            SELECT lost.id, '(unknown)', 0, now() + longest.lease, longest.lease, '{}'
            FROM (
                SELECT DISTINCT w.worker AS id FROM ${schema}.work w
                WHERE w.state = 'running' AND w.worker <> ALL(ARRAY(SELECT k.id FROM ${schema}.worker k))) AS lost,
              (SELECT max(k.lease) AS lease FROM ${schema}.worker k) AS longest
            WHERE :id = (SELECT min(k.id) FROM ${schema}.worker k WHERE k.lease_end > now())
            ON CONFLICT (id) DO NOTHING
            RETURNING id
            """;

    private static final String BURIED = """
            SELECT id FROM ${schema}.worker WHERE lease_end = '-infinity'
            """;

    /* Once in a lease at least: a worker that comes meanwhile lives for a lease. */
    private static final String UNTIL_LEASE_ENDS = """
            SELECT CAST(extract(epoch FROM least(
                min(lease_end + greatest(:leaseMicros * interval '1 microsecond' - lease, interval '0')) - clock_timestamp(),
                :leaseMicros * interval '1 microsecond')) * 1000000 AS bigint)
            FROM ${schema}.worker WHERE id <> :id AND lease_end > '-infinity'
            """;

    /* Lost in a crash it does no harm, so nobody waits for the disk. */
    private static final String MARK_IDLE = """
            WITH hurried AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
            UPDATE ${schema}.worker SET idle = :idle FROM hurried WHERE id = :id AND idle <> :idle
            """;

    private static final String LOCK = """
            SELECT id FROM ${schema}.worker WHERE id = ANY(:ids) ORDER BY id FOR UPDATE
            """;

    private static final String FORGET = """
            DELETE FROM ${schema}.worker w
            WHERE w.id = ANY(:ids) AND NOT EXISTS (
              SELECT FROM ${schema}.work WHERE state = 'running' AND worker = w.id)
            """;

    private final String register;
    private final String beat;
    private final String note;
    private final String bury;
    private final String restore;
    private final String buried;
    private final String untilLeaseEnds;
    private final String markIdle;
    private final String lock;
    private final String forget;

    public WorkerStore(Schema schema) {
        register = schema.in(REGISTER);
        beat = schema.in(BEAT);
        note = schema.in(NOTE);
        bury = schema.in(BURY);
        restore = schema.in(RESTORE);
        buried = schema.in(BURIED);
        untilLeaseEnds = schema.in(UNTIL_LEASE_ENDS);
        markIdle = schema.in(MARK_IDLE);
        lock = schema.in(LOCK);
        forget = schema.in(FORGET);
    }

    /** Adds a worker whose lease begins now. */
    public void register(Handle handle, long id, String host, long pid, Duration lease, Knowledge knowledge) {
        handle.createUpdate(register)
                .bind("id", id)
                .bind("host", host)
                .bind("pid", pid)
                .bind("leaseMicros", micros(lease))
                .bindArray("definitions", Integer.class, knowledge.definitions())
                .bind("lacks", Json.write(knowledge.lacks()))
                .bindArray("leaves", String.class, knowledge.leaves())
                .execute();
    }

    /** Renews a lease; false if the worker was buried, and never comes back under this id. */
    public boolean beat(Handle handle, long id, Duration lease, Duration interval, Knowledge knowledge) {
        return handle.createUpdate(beat)
                        .bind("id", id)
                        .bind("leaseMicros", micros(lease))
                        .bind("intervalMicros", micros(interval))
                        .bindArray("definitions", Integer.class, knowledge.definitions())
                        .bind("lacks", Json.write(knowledge.lacks()))
                        .bindArray("leaves", String.class, knowledge.leaves())
                        .execute()
                == 1;
    }

    /** Replaces what the running steps of a worker say of their progress: JSON, or null for nothing. */
    public void note(Handle handle, long id, @Nullable String notes) {
        handle.createUpdate(note).bind("id", id).bind("notes", notes).execute();
    }

    /** Buries workers whose lease is over, if worker {@code id} itself was without a gap for a whole lease; returns how many. */
    public int bury(Handle handle, long id) {
        return handle.createUpdate(bury).bind("id", id).execute();
    }

    /**
     * How long until worker {@code id}, with a lease of its own, may bury another one, by the database's clock; zero or less
     * if it may now.
     */
    public Duration untilLeaseEnds(Handle handle, long id, Duration lease) {
        return Duration.of(
                handle.createQuery(untilLeaseEnds)
                        .bind("id", id)
                        .bind("leaseMicros", micros(lease))
                        .mapTo(Long.class)
                        .one(),
                ChronoUnit.MICROS);
    }

    /**
     * Adds those again that hold operations and are not there, with a lease that begins now, if it is on worker {@code id} to
     * look for them: one that lives goes on with its next heartbeat, others are buried in their turn. Returns their ids.
     */
    public List<Long> restore(Handle handle, long id) {
        return handle.createQuery(restore).bind("id", id).mapTo(Long.class).list();
    }

    /** The buried workers. */
    public List<Long> buried(Handle handle) {
        return handle.createQuery(buried).mapTo(Long.class).list();
    }

    /** Says whether a worker wants to be told of work. */
    public void markIdle(Handle handle, long id, boolean idle) {
        handle.createUpdate(markIdle).bind("id", id).bind("idle", idle).execute();
    }

    /** Deletes workers that hold no operation any more. Nobody would ever rescue what a worker holds that is not there. */
    public int forget(Handle handle, Collection<Long> ids) {
        // Waits for a claim that is not committed yet; only another statement sees what that has taken.
        handle.createQuery(lock)
                .bindArray("ids", Long.class, ids)
                .mapTo(Long.class)
                .list();
        return handle.createUpdate(forget).bindArray("ids", Long.class, ids).execute();
    }

    /**
     * What a worker can run.
     *
     * @param definitions the ids of the stored definitions that it can finish
     * @param lacks why it cannot finish others of the operations that it runs, by their ids
     * @param leaves the queues that it leaves to others
     */
    public record Knowledge(Collection<Integer> definitions, Map<String, String> lacks, Collection<String> leaves) {}

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }
}
