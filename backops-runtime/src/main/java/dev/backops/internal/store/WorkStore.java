package dev.backops.internal.store;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Statements on {@code work}, except those of the journal. Callers own the transaction. */
public final class WorkStore {

    /** How long an operation waits whose last step still runs in the process that claimed it. */
    public static final Duration POSTPONEMENT = Duration.ofSeconds(1);

    /*
     * Of all statements here: "= ANY(ARRAY[id])" joins by an id as "= id" does, but cannot be used for a merge join. Where the
     * table was empty when it was last vacuumed, but kept its pages since an old snapshot was open, the planner takes it for empty,
     * and would read all of work in the order of such a join, and compare each row with each of the ids.
     */

    /*
     * Locked in a materialized CTE: with a plain IN (SELECT … LIMIT) the planner may update more rows than the limit.
     * The lock on the worker's own row makes a claim and a burial exclude each other. In each room the cells, a queue and a
     * priority each, are walked one after the other, from a cursor of their own: equality on the columns before
     * (run_at, operation_id) makes the comparison a bound of the index scan, which so starts behind entries that are dead,
     * but still there while an old snapshot is open. No order of joins is left to choose, so that the plan can be kept.
     *
     * Suspects have an index of their own, the one with the fewest crashes first, so that they cost the others nothing.
     */
    private static final String CLAIM = """
            WITH me AS MATERIALIZED (
              SELECT id FROM ${schema}.worker WHERE id = :worker AND lease_end > now() FOR KEY SHARE),
            cell AS MATERIALIZED (
              SELECT * FROM unnest(:rooms, :queues, :priorities, :fromTimes::timestamptz[], :fromIds) WITH ORDINALITY
                AS t(room, queue, priority, from_time, from_id, place)
              WHERE NOT EXISTS (SELECT FROM ${schema}.pause WHERE kind = 'queue' AND name = t.queue)),
            runnable AS MATERIALIZED (
              SELECT array_agg(d.id) AS ids FROM ${schema}.definition d
              WHERE d.id = ANY(:definitions)
                AND NOT EXISTS (SELECT FROM ${schema}.pause WHERE kind = 'name' AND name = d.name)),
            suspect AS MATERIALIZED (
              SELECT w.operation_id, (SELECT min(cell.room) FROM cell WHERE cell.queue = w.queue) AS room
              FROM unnest(ARRAY(SELECT DISTINCT queue FROM cell)) AS q(queue)
              CROSS JOIN LATERAL (
                SELECT operation_id, queue FROM ${schema}.work
                WHERE state = 'ready' AND queue = q.queue AND crashes >= 3
                  AND definition = ANY(CAST((SELECT ids FROM runnable) AS int[])) AND (SELECT count(*) FROM me) = 1
                ORDER BY crashes, operation_id LIMIT :suspects FOR UPDATE SKIP LOCKED) AS w
              LIMIT :suspects),
            due AS MATERIALIZED (
              SELECT taken.operation_id
              FROM unnest(:sizes) WITH ORDINALITY AS room(size, number)
              CROSS JOIN LATERAL (
                SELECT ready.operation_id
                FROM (SELECT * FROM cell WHERE cell.room = room.number ORDER BY place) AS p
                CROSS JOIN LATERAL (
                  SELECT operation_id FROM ${schema}.work
                  WHERE state = 'ready' AND queue = p.queue AND priority = p.priority
                    AND (run_at, operation_id) > (p.from_time, p.from_id)
                    AND crashes < 3 AND definition = ANY(CAST((SELECT ids FROM runnable) AS int[])) AND (SELECT count(*) FROM me) = 1
                  ORDER BY run_at, operation_id LIMIT room.size FOR UPDATE SKIP LOCKED) AS ready
                LIMIT room.size - (SELECT count(*) FROM suspect WHERE suspect.room = room.number)) AS taken)
            UPDATE ${schema}.work w SET state = 'running', worker = :worker, token = least(w.token, 1999999999) + 1
            WHERE w.operation_id = ANY(ARRAY(SELECT operation_id FROM suspect UNION ALL SELECT operation_id FROM due))
            RETURNING w.operation_id, w.definition, w.token, w.attempts, w.crashes, w.queue, w.priority, w.run_at
            """;

    /*
     * One probe of the index per queue, however much waits in each, and none in those that are known: while an old snapshot
     * is open, a probe walks all that was ever ready there. So it goes from one known queue to the next, between them.
     */
    private static final String QUEUES = """
            WITH RECURSIVE q AS (
              SELECT t.known AS queue, lead(t.known) OVER (ORDER BY t.known) AS high, true AS known
              FROM (SELECT unnest(:known) UNION SELECT '') AS t(known)
              UNION ALL
              SELECT next.queue, q.high, false
              FROM q
              CROSS JOIN LATERAL (
                (SELECT w.queue FROM ${schema}.work w
                 WHERE w.state = 'ready' AND w.queue > q.queue AND w.queue < q.high ORDER BY w.queue LIMIT 1)
                UNION ALL
                (SELECT w.queue FROM ${schema}.work w
                 WHERE w.state = 'ready' AND w.queue > q.queue AND q.high IS NULL ORDER BY w.queue LIMIT 1)) AS next)
            SELECT queue FROM q WHERE NOT known ORDER BY queue
            """;

    /*
     * What is ready, but nobody runs, would lie in front of all claims. Only the worker with the lowest id looks, since that
     * reads all that is ready.
     */
    private static final String STUCK = """
            SELECT d.id, d.name, EXISTS (SELECT FROM ${schema}.pause p WHERE p.kind = 'name' AND p.name = d.name) AS paused
            FROM ${schema}.definition d
            WHERE :worker = (SELECT min(id) FROM ${schema}.worker WHERE lease_end > now())
              AND (EXISTS (SELECT FROM ${schema}.pause p WHERE p.kind = 'name' AND p.name = d.name)
                OR NOT EXISTS (SELECT FROM ${schema}.worker w WHERE w.lease_end > now() AND d.id = ANY(w.definitions)))
            """;

    private static final String PARK = """
            WITH stuck AS MATERIALIZED (
              SELECT operation_id FROM ${schema}.work WHERE state = 'ready' AND definition = ANY(:definitions)
              LIMIT :limit FOR UPDATE SKIP LOCKED)
            UPDATE ${schema}.work w SET state = 'waiting' FROM stuck WHERE w.operation_id = ANY(ARRAY[stuck.operation_id])
            """;

    /* The claims leave paused queues out by themselves; here it is for the views. */
    private static final String PARK_QUEUES = """
            WITH stuck AS MATERIALIZED (
              SELECT w.operation_id FROM ${schema}.pause p
              CROSS JOIN LATERAL (
                SELECT operation_id FROM ${schema}.work WHERE state = 'ready' AND queue = p.name
                LIMIT :limit FOR UPDATE SKIP LOCKED) AS w
              WHERE p.kind = 'queue' LIMIT :limit)
            UPDATE ${schema}.work w SET state = 'waiting' FROM stuck WHERE w.operation_id = ANY(ARRAY[stuck.operation_id])
            """;

    /* The long way of saying "state = 'waiting'" is that of the index. */
    private static final String UNPARK = """
            WITH free AS MATERIALIZED (
              SELECT parked.operation_id FROM ${schema}.definition d
              CROSS JOIN LATERAL (
                SELECT operation_id FROM ${schema}.work w
                WHERE CASE WHEN state IN ('ready', 'scheduled') AND attempts > 0 THEN 'retrying' ELSE state END = 'waiting'
                  AND CASE WHEN state IN ('ready', 'scheduled') AND attempts > 0 THEN 'retrying' ELSE state END
                    NOT IN ('ready', 'running')
                  AND definition = d.id
                  AND NOT EXISTS (SELECT FROM ${schema}.pause p WHERE p.kind = 'queue' AND p.name = w.queue)
                LIMIT :limit FOR UPDATE SKIP LOCKED) AS parked
              WHERE d.id = ANY(:definitions)
                AND NOT EXISTS (SELECT FROM ${schema}.pause p WHERE p.kind = 'name' AND p.name = d.name)
              LIMIT :limit)
            UPDATE ${schema}.work w SET state = 'ready' FROM free WHERE w.operation_id = ANY(ARRAY[free.operation_id])
            """;

    private static final String PAUSES = """
            SELECT kind, name FROM ${schema}.pause
            """;

    /* The whole table: for the start of a process. */
    private static final String UNFINISHED = """
            SELECT d.id, d.name, count(*) AS count,
              EXISTS (SELECT FROM ${schema}.worker k WHERE k.lease_end > now() AND d.id = ANY(k.definitions)) AS known
            FROM ${schema}.work w JOIN ${schema}.definition d ON d.id = w.definition
            WHERE w.state NOT IN ('cancelled', 'compensated') AND w.definition <> ALL(:runnable)
            GROUP BY d.id, d.name ORDER BY d.id
            """;

    private static final String MAKE_DUE_READY = """
            WITH due AS MATERIALIZED (
              SELECT operation_id FROM ${schema}.work WHERE state = 'scheduled' AND run_at <= now()
              ORDER BY run_at LIMIT :limit FOR UPDATE SKIP LOCKED)
            UPDATE ${schema}.work w SET state = 'ready' FROM due WHERE w.operation_id = ANY(ARRAY[due.operation_id])
            """;

    private static final String UNTIL_NEXT_DUE = """
            SELECT CAST(extract(epoch FROM min(run_at) - clock_timestamp()) * 1000000 AS bigint)
            FROM ${schema}.work WHERE state = 'scheduled' AND run_at > '-infinity' AND run_at < 'infinity'
            """;

    private static final String NOW = """
            SELECT now()
            """;

    private static final String GIVE_BACK = """
            WITH mine AS MATERIALIZED (
              SELECT w.operation_id FROM ${schema}.work w JOIN unnest(:ids, :tokens) AS t(id, token)
                ON w.operation_id = ANY(ARRAY[t.id]) AND w.token = t.token AND w.worker = :worker
              ORDER BY t.id FOR UPDATE OF w SKIP LOCKED)
            UPDATE ${schema}.work w SET state = 'ready', worker = NULL FROM mine WHERE w.operation_id = ANY(ARRAY[mine.operation_id])
            RETURNING w.operation_id
            """;

    private static final String GIVE_BACK_PATIENTLY = GIVE_BACK.replace(" SKIP LOCKED", "");

    private static final String POSTPONE = """
            UPDATE ${schema}.work
            SET state = 'scheduled', worker = NULL, run_at = clock_timestamp() + :micros * interval '1 microsecond'
            WHERE operation_id = :id AND token = :token AND worker = :worker
            RETURNING operation_id
            """;

    private static final String GIVE_BACK_OTHERS = """
            WITH mine AS MATERIALIZED (
              SELECT operation_id FROM ${schema}.work
              WHERE state = 'running' AND worker = :worker AND operation_id <> ALL(:inHand)
              ORDER BY operation_id FOR UPDATE)
            UPDATE ${schema}.work w SET state = 'ready', worker = NULL FROM mine WHERE w.operation_id = ANY(ARRAY[mine.operation_id])
            RETURNING w.operation_id
            """;

    private static final String RESCUE = """
            WITH orphan AS MATERIALIZED (
              SELECT w.operation_id, w.worker FROM ${schema}.work w
              WHERE w.state = 'running' AND w.worker = ANY(:dead)
              ORDER BY w.operation_id LIMIT :limit FOR UPDATE SKIP LOCKED)
            UPDATE ${schema}.work w
            SET state = 'ready', worker = NULL, token = least(w.token, 1999999999) + 1,
              crashes = least(w.crashes, 999999999) + 1
            FROM orphan WHERE w.operation_id = ANY(ARRAY[orphan.operation_id])
            RETURNING w.operation_id, w.crashes, orphan.worker, w.wanted IS NOT NULL AS unwanted
            """;

    /* Behind the statement that took the operations from their worker, whose locks keep everybody else away. */
    private static final String OBEY = """
            WITH obeyed AS (
              UPDATE ${schema}.work w
              SET state = CASE w.wanted WHEN 'cancel' THEN 'cancelled' ELSE 'paused' END, wanted = NULL
              WHERE w.operation_id = ANY(:ids) AND w.wanted IS NOT NULL AND w.state IN ('ready', 'scheduled')
              RETURNING w.operation_id, w.state,
                (SELECT d.erased FROM ${schema}.definition d WHERE d.id = w.definition AND d.erased <> '{}') AS erased),
            forgot AS (
              UPDATE ${schema}.step s SET outputs = ${schema}.without(s.outputs, obeyed.erased)
              FROM obeyed
              WHERE obeyed.state = 'cancelled' AND obeyed.erased IS NOT NULL AND s.operation_id = obeyed.operation_id)
            UPDATE ${schema}.operation o
            SET outcome = 'cancelled', finished_at = clock_timestamp(), key = NULL,
              params = CASE WHEN obeyed.erased IS NULL THEN o.params ELSE ${schema}.without(o.params, obeyed.erased) END
            FROM obeyed WHERE obeyed.state = 'cancelled' AND o.id = obeyed.operation_id
            RETURNING o.id
            """;

    private static final String WISHES = """
            SELECT w.operation_id, w.wanted, w.at_once
            FROM unnest(:ids) AS mine(id) JOIN ${schema}.work w ON w.operation_id = ANY(ARRAY[mine.id])
            WHERE w.worker = :worker AND w.wanted IS NOT NULL
            """;

    /* In the transaction of the rescue, whose locks keep everybody else away; its snapshot is older than they are. */
    private static final String FAIL_CRASHED = """
            WITH e AS MATERIALIZED (SELECT * FROM unnest(:ids, :workers) AS t(id, worker)),
            moved AS (
              UPDATE ${schema}.work w SET state = 'failed' FROM e WHERE w.operation_id = ANY(ARRAY[e.id]) AND w.state = 'ready'
              RETURNING w.operation_id, w.token, w.attempts, w.crashes, e.worker)
            INSERT INTO ${schema}.failure
              (operation_id, seq, step, token, worker, attempt, error_class, message, stack_trace, failed_at)
            SELECT o.id, o.steps_done, here.step, moved.token, moved.worker, moved.attempts + 1, :errorClass,
              said.message, :errorClass || ': ' || said.message, clock_timestamp()
            FROM moved JOIN ${schema}.operation o ON o.id = moved.operation_id
            CROSS JOIN LATERAL (SELECT coalesce(o.next_step, '(none)') AS step) AS here
            CROSS JOIN LATERAL (
              SELECT format('The process died %s times while running step %s', moved.crashes, here.step) AS message) AS said
            """;

    /** What stands in the place of an exception where the process died of a step. */
    private static final String CRASHED = "dev.backops.CrashedProcess";

    /* After so many crashes an operation is a suspect; the statements above have the number in their plans. */
    private static final int INNOCENT_CRASHES = 3;

    /** How often a process may die of a lone suspect before it fails. */
    private static final int LONE_CRASHES = 3;

    private final String claim;
    private final String queues;
    private final String stuck;
    private final String park;
    private final String parkQueues;
    private final String unpark;
    private final String pauses;
    private final String unfinished;
    private final String makeDueReady;
    private final String untilNextDue;
    private final String giveBack;
    private final String giveBackPatiently;
    private final String postpone;
    private final String giveBackOthers;
    private final String rescue;
    private final String obey;
    private final String wishes;
    private final String failCrashed;

    public WorkStore(Schema schema) {
        claim = schema.in(CLAIM);
        queues = schema.in(QUEUES);
        stuck = schema.in(STUCK);
        park = schema.in(PARK);
        parkQueues = schema.in(PARK_QUEUES);
        unpark = schema.in(UNPARK);
        pauses = schema.in(PAUSES);
        unfinished = schema.in(UNFINISHED);
        makeDueReady = schema.in(MAKE_DUE_READY);
        untilNextDue = schema.in(UNTIL_NEXT_DUE);
        giveBack = schema.in(GIVE_BACK);
        giveBackPatiently = schema.in(GIVE_BACK_PATIENTLY);
        postpone = schema.in(POSTPONE);
        giveBackOthers = schema.in(GIVE_BACK_OTHERS);
        rescue = schema.in(RESCUE);
        obey = schema.in(OBEY);
        wishes = schema.in(WISHES);
        failCrashed = schema.in(FAIL_CRASHED);
    }

    /**
     * Claims ready operations for each room, in the order of its cursors, from each on, the longest due first. A buried
     * worker, or one whose lease is over, gets none.
     *
     * @param suspects how many of all may be suspects, wherever the cursors are: none or one
     */
    public List<Claim> claim(
            Handle handle, long worker, Collection<Integer> definitions, List<Room> rooms, int suspects) {
        List<Integer> numbers = new ArrayList<>();
        List<Cursor> from = new ArrayList<>();
        for (int i = 0; i < rooms.size(); i++) {
            numbers.addAll(Collections.nCopies(rooms.get(i).from().size(), i + 1));
            from.addAll(rooms.get(i).from());
        }
        return handle.createQuery(claim)
                .bind("worker", worker)
                .bindArray("definitions", Integer.class, definitions)
                .bindArray("sizes", Integer.class, each(rooms, Room::size))
                .bindArray("rooms", Integer.class, numbers)
                .bindArray("queues", String.class, each(from, Cursor::queue))
                .bindArray("priorities", Integer.class, each(from, Cursor::priority))
                .bindArray("fromTimes", String.class, each(from, Cursor::sqlTime))
                .bindArray("fromIds", Long.class, each(from, Cursor::id))
                .bind("suspects", suspects)
                .map((row, context) -> new Claim(
                        row.getInt("definition"),
                        row.getInt("token"),
                        row.getInt("attempts"),
                        row.getInt("crashes"),
                        new Cursor(
                                row.getString("queue"),
                                row.getInt("priority"),
                                row.getObject("run_at", OffsetDateTime.class),
                                row.getLong("operation_id"))))
                .list();
    }

    /** The queues beside {@code known} in which something is ready. */
    public List<String> queuesBeside(Handle handle, Collection<String> known) {
        return handle.createQuery(queues)
                .bindArray("known", String.class, known)
                .mapTo(String.class)
                .list();
    }

    /** The definitions whose operations nobody runs now, if it is on worker {@code worker} to look after them. */
    public List<Stuck> stuck(Handle handle, long worker) {
        return handle.createQuery(stuck)
                .bind("worker", worker)
                .map((row, context) -> new Stuck(row.getInt("id"), row.getBoolean("paused")))
                .list();
    }

    /** Puts ready operations of some definitions aside; returns how many. */
    public int park(Handle handle, Collection<Integer> definitions, int limit) {
        return handle.createUpdate(park)
                .bindArray("definitions", Integer.class, definitions)
                .bind("limit", limit)
                .execute();
    }

    /** Puts ready operations of paused queues aside; returns how many. */
    public int parkQueues(Handle handle, int limit) {
        return handle.createUpdate(parkQueues).bind("limit", limit).execute();
    }

    /** Makes those ready again that were put aside, unless their name or queue is paused; returns how many. */
    public int unpark(Handle handle, Collection<Integer> definitions, int limit) {
        return handle.createUpdate(unpark)
                .bindArray("definitions", Integer.class, definitions)
                .bind("limit", limit)
                .execute();
    }

    /** The queues and names that are paused. */
    public Set<Pause> pauses(Handle handle) {
        return handle.createQuery(pauses)
                .map((row, context) -> new Pause(row.getString("kind"), row.getString("name")))
                .set();
    }

    /** How many operations are not over, of each definition but {@code runnable}. */
    public List<Unfinished> unfinished(Handle handle, Collection<Integer> runnable) {
        return handle.createQuery(unfinished)
                .bindArray("runnable", Integer.class, runnable)
                .map((row, context) -> new Unfinished(
                        row.getInt("id"), row.getString("name"), row.getLong("count"), row.getBoolean("known")))
                .list();
    }

    /** Makes scheduled operations ready whose time has come; returns how many. */
    public int makeDueReady(Handle handle, int limit) {
        return handle.createUpdate(makeDueReady).bind("limit", limit).execute();
    }

    /** How long until the next scheduled operation is due, by the database's clock; zero or less if it is overdue. */
    public Optional<Duration> untilNextDue(Handle handle) {
        return handle.createQuery(untilNextDue)
                .mapTo(Long.class)
                .findOne()
                .map(micros -> Duration.of(micros, ChronoUnit.MICROS));
    }

    /** When the transaction began, by the database's clock. */
    public OffsetDateTime now(Handle handle) {
        return handle.createQuery(NOW).mapTo(OffsetDateTime.class).one();
    }

    /**
     * Gives claimed operations back untouched, in a transaction; those with another token or worker are not ours any more
     * and stay. So do those that somebody has locked: they wait for the end of the lease, the others need not. Returns
     * those that are cancelled now, as somebody wanted.
     */
    public List<Long> giveBack(Handle handle, long worker, List<Long> ids, List<Integer> tokens) {
        return giveBack(handle.createQuery(giveBack), handle, worker, ids, tokens);
    }

    /**
     * The same for a worker that goes on: waits for those that somebody has locked, for as long as a lock may take, since no
     * lease ends that they could wait for. All are given back, or none, with an exception.
     */
    public List<Long> giveBackPatiently(Handle handle, long worker, List<Long> ids, List<Integer> tokens) {
        return giveBack(handle.createQuery(giveBackPatiently), handle, worker, ids, tokens);
    }

    private List<Long> giveBack(Query query, Handle handle, long worker, List<Long> ids, List<Integer> tokens) {
        return freed(
                handle,
                query.bind("worker", worker)
                        .bindArray("ids", Long.class, ids)
                        .bindArray("tokens", Integer.class, tokens));
    }

    /** The same for one that is to be claimed after {@link #POSTPONEMENT}. */
    public List<Long> postpone(Handle handle, long worker, long id, int token) {
        return freed(
                handle,
                handle.createQuery(postpone)
                        .bind("worker", worker)
                        .bind("micros", TimeUnit.MICROSECONDS.convert(POSTPONEMENT))
                        .bind("id", id)
                        .bind("token", token));
    }

    /** The same for what this worker holds by a claim whose answer was lost: all but what it knows to have in hand. */
    public List<Long> giveBackOthers(Handle handle, long worker, Collection<Long> inHand) {
        return freed(
                handle,
                handle.createQuery(giveBackOthers).bind("worker", worker).bindArray("inHand", Long.class, inHand));
    }

    /** Takes operations from their worker; returns those that are cancelled by that. */
    private List<Long> freed(Handle handle, Query freeing) {
        return obey(handle, freeing.mapTo(Long.class).list());
    }

    /** Does to operations that nobody has what somebody wanted of them meanwhile; returns those that are cancelled by that. */
    private List<Long> obey(Handle handle, List<Long> ids) {
        return ids.isEmpty()
                ? List.of()
                : handle.createQuery(obey)
                        .bindArray("ids", Long.class, ids)
                        .mapTo(Long.class)
                        .list();
    }

    /** What people want of operations that this worker runs. */
    public List<Wish> wishes(Handle handle, long worker, Collection<Long> ids) {
        return handle.createQuery(wishes)
                .bind("worker", worker)
                .bindArray("ids", Long.class, ids)
                .map((row, context) -> new Wish(
                        row.getLong("operation_id"),
                        row.getString("wanted").equals("cancel"),
                        row.getBoolean("at_once")))
                .list();
    }

    /**
     * Takes operations from buried workers. Those that are to blame for too many crashes fail, with a failure that says so.
     * Only in a later transaction than the burial.
     */
    public List<Rescued> rescue(Handle handle, Collection<Long> dead, int limit) {
        List<Rescued> rescued = handle.createQuery(rescue)
                .bindArray("dead", Long.class, dead)
                .bind("limit", limit)
                .map((row, context) -> new Rescued(
                        row.getLong("operation_id"),
                        row.getLong("worker"),
                        row.getInt("crashes"),
                        row.getBoolean("unwanted")))
                .list();
        obey(handle, each(rescued, Rescued::operationId));
        List<Rescued> guilty = rescued.stream().filter(Rescued::isGuilty).toList();
        if (!guilty.isEmpty()) {
            handle.createUpdate(failCrashed)
                    .bindArray("ids", Long.class, each(guilty, Rescued::operationId))
                    .bindArray("workers", Long.class, each(guilty, Rescued::worker))
                    .bind("errorClass", CRASHED)
                    .execute();
        }
        return rescued;
    }

    private static <T, R> List<R> each(Collection<T> items, Function<T, R> part) {
        return items.stream().map(part).toList();
    }

    /**
     * What somebody wants of a running operation.
     *
     * @param cancel whether it is to end, or else to pause
     * @param atOnce whether its step is to be interrupted for it
     */
    public record Wish(long operationId, boolean cancel, boolean atOnce) {}

    /** A claimed operation; its id is that of the cursor behind it. */
    public record Claim(int definition, int token, int attempts, int crashes, Cursor cursor) {

        public long operationId() {
            return cursor.id();
        }

        /** Whether it was in the hands of so many processes that died that it may be to blame. */
        public boolean isSuspect() {
            return crashes >= INNOCENT_CRASHES;
        }
    }

    /** A definition whose operations nobody runs: since its name is paused, or since no live worker can. */
    public record Stuck(int definition, boolean paused) {}

    /**
     * Something that is paused as a whole.
     *
     * @param kind queue or name
     */
    public record Pause(String kind, String name) {

        public static Pause ofQueue(String queue) {
            return new Pause("queue", queue);
        }

        public static Pause ofName(String name) {
            return new Pause("name", name);
        }
    }

    /**
     * The operations of a definition that are not over.
     *
     * @param known whether a live worker can run them
     */
    public record Unfinished(int definition, String name, long count, boolean known) {}

    /**
     * An operation that was taken from a dead worker.
     *
     * @param crashes how many workers in a row died while they had it
     * @param unwanted whether it is cancelled or paused now, as somebody wanted
     */
    public record Rescued(long operationId, long worker, int crashes, boolean unwanted) {

        /**
         * Whether it failed by that. Suspects are claimed one at a time, so each crash from the third on, and no earlier one,
         * was that of a lone suspect.
         */
        public boolean isGuilty() {
            return !unwanted && crashes >= INNOCENT_CRASHES + LONE_CRASHES;
        }
    }

    /**
     * Where claimed operations are to run.
     *
     * @param from where to look, one cursor for each priority of each queue
     * @param size how many to claim at most
     */
    public record Room(List<Cursor> from, int size) {}

    /** A place in the order in which the ready operations of a queue are claimed. */
    public record Cursor(String queue, int priority, OffsetDateTime runAt, long id) implements Comparable<Cursor> {

        private static final Comparator<Cursor> ORDER = Comparator.comparingInt(Cursor::priority)
                .thenComparing(cursor -> cursor.runAt().toInstant())
                .thenComparingLong(Cursor::id);

        /** Before all operations of a priority. */
        public static Cursor start(String queue, int priority) {
            return new Cursor(queue, priority, OffsetDateTime.MIN, 0);
        }

        public boolean isStart() {
            return runAt.equals(OffsetDateTime.MIN);
        }

        /** The order in which a process begins with operations that it claimed together, from whatever queue. */
        @Override
        public int compareTo(Cursor other) {
            return ORDER.compare(this, other);
        }

        private String sqlTime() {
            return isStart() ? "-infinity" : runAt.toString();
        }
    }
}
