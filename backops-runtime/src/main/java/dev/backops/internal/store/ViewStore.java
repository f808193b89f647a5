package dev.backops.internal.store;

import dev.backops.FailureGroup;
import dev.backops.FailureInfo;
import dev.backops.OperationInfo;
import dev.backops.PauseInfo;
import dev.backops.Search;
import dev.backops.Search.Place;
import dev.backops.Search.Range;
import dev.backops.Search.Value;
import dev.backops.Status;
import dev.backops.StepCount;
import dev.backops.StepInfo;
import dev.backops.StepStatus;
import dev.backops.internal.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Reads the public views. */
public final class ViewStore {

    private static final String STATUS = """
            SELECT status FROM ${schema}.operations WHERE id = :id
            """;

    private static final String FIND = """
            SELECT * FROM ${schema}.operations WHERE id = :id
            """;

    /* Where an operation stands that is not completed; an index has the same expression. */
    private static final String STATUS_OF_WORK =
            "CASE WHEN w.state IN ('ready', 'scheduled') AND w.attempts > 0 THEN 'retrying' ELSE w.state END";

    /*
     * What a search asks of an operation. The searches are planned with their values, and what is not asked for leaves no
     * trace in the plan. Values come once for each name that they may be stored under. Containment both ways, so that a list
     * finds only lists of the same elements. Outputs as in the view, whose function would take a hundred times as long.
     */
    private static final String AS_ASKED = """
              AND (CAST(:ids AS bigint[]) IS NULL OR o.id = ANY(:ids))
              AND (CAST(CAST(:params AS text[]) AS jsonb[]) IS NULL OR o.params @> ANY(CAST(CAST(:params AS text[]) AS jsonb[])) AND EXISTS (
                SELECT FROM unnest(CAST(CAST(:params AS text[]) AS jsonb[])) AS asked WHERE o.params @> asked AND NOT EXISTS (
                  SELECT FROM jsonb_each(asked) AS one WHERE NOT one.value @> (o.params -> one.key))))
              AND (CAST(:absent AS text[]) = '{}' OR NOT jsonb_exists_any(o.params, :absent))
              AND (CAST(CAST(:outputs AS text[]) AS jsonb[]) IS NULL AND CAST(:unset AS text[]) = '{}' OR (
                SELECT NOT jsonb_exists_any(made.outputs, :unset) AND (CAST(CAST(:outputs AS text[]) AS jsonb[]) IS NULL OR EXISTS (
                  SELECT FROM unnest(CAST(CAST(:outputs AS text[]) AS jsonb[])) AS asked
                  WHERE made.outputs @> asked AND NOT EXISTS (
                    SELECT FROM jsonb_each(asked) AS one WHERE NOT one.value @> (made.outputs -> one.key))))
                FROM (SELECT coalesce(o.outputs, (
                  SELECT coalesce(jsonb_strip_nulls(jsonb_object_agg(output.key, output.value ORDER BY s.seq)), '{}')
                  FROM ${schema}.step s, jsonb_each(CASE WHEN jsonb_typeof(s.outputs) = 'object' THEN s.outputs END) AS output
                  WHERE s.operation_id = o.id)) AS outputs) AS made))
              AND (CAST(:finishedFrom AS timestamptz) IS NULL OR o.finished_at >= CAST(:finishedFrom AS timestamptz))
              AND (CAST(:finishedTo AS timestamptz) IS NULL OR o.finished_at < CAST(:finishedTo AS timestamptz))
              AND (CAST(:step AS text) IS NULL OR o.next_step = :step)
              AND (CAST(:errorClass AS text) IS NULL OR (
                SELECT f.error_class FROM ${schema}.failure f
                WHERE f.operation_id = o.id AND f.seq = o.steps_done AND f.step = coalesce(o.next_step, '(none)')
                ORDER BY f.id DESC LIMIT 1) = :errorClass)
            """;

    /* The same of ready and running ones, before their operations are looked at. */
    private static final String OF_WORK = """
              AND (CAST(:worker AS bigint) IS NULL OR w.worker = :worker)
              AND (CAST(:names AS text[]) IS NULL OR w.definition = ANY(ARRAY(
                SELECT d.id FROM ${schema}.definition d WHERE d.name = ANY(:names))))
              AND (w.created_at, w.operation_id) < (CAST(:beforeTime AS timestamptz), :beforeId)
              AND w.created_at >= CAST(:createdFrom AS timestamptz)
            """;

    /* Completed ones, or all, definition by definition, since only with that fixed the index has the order asked for. */
    private static final String IN_ORDER = """
              SELECT done.* FROM ${schema}.definition d CROSS JOIN LATERAL (
                SELECT o.id, o.created_at FROM ${schema}.operation o
                WHERE :finished AND o.definition = d.id AND (:anyStatus OR o.outcome = 'completed')
                  AND (o.created_at, o.id) < (CAST(:beforeTime AS timestamptz), :beforeId)
                  AND o.created_at >= CAST(:createdFrom AS timestamptz)
            """ + AS_ASKED + """
                ORDER BY o.created_at DESC, o.id DESC LIMIT CAST(:limit AS bigint)) AS done
              WHERE :finished AND (CAST(:names AS text[]) IS NULL OR d.name = ANY(:names))
            """;

    /* The same of a few whose ids are known. */
    private static final String AMONG_FEW = """
              (SELECT o.id, o.created_at FROM ${schema}.operation o
                WHERE :finished AND o.id = ANY(:few) AND (:anyStatus OR o.outcome = 'completed')
                  AND (CAST(:names AS text[]) IS NULL OR o.name = ANY(:names))
                  AND (o.created_at, o.id) < (CAST(:beforeTime AS timestamptz), :beforeId)
                  AND o.created_at >= CAST(:createdFrom AS timestamptz)
            """ + AS_ASKED + """
                ORDER BY o.created_at DESC, o.id DESC LIMIT CAST(:limit AS bigint))
            """;

    /*
     * The newest operations that match, by the index that fits each status: status by status, since only with that fixed the
     * index has the order asked for. Ready and running ones have no such index, which every
     * claim would have to pay for: they are looked at one by one. In one statement: an operation that completes between two
     * would be in neither answer.
     */
    private static final String FOUND = """
            SELECT found.id, found.created_at FROM (
            ${done}
              UNION ALL
              SELECT listed.* FROM ${schema}.definition d CROSS JOIN unnest(CAST(:listed AS text[])) AS wanted(status)
              CROSS JOIN LATERAL (
                SELECT w.operation_id, w.created_at FROM ${schema}.work w JOIN ${schema}.operation o ON o.id = w.operation_id
                WHERE ${status} NOT IN ('ready', 'running') AND ${status} = wanted.status AND w.definition = d.id
                  AND (w.created_at, w.operation_id) < (CAST(:beforeTime AS timestamptz), :beforeId)
                  AND w.created_at >= CAST(:createdFrom AS timestamptz)
            """ + AS_ASKED + """
                ORDER BY w.created_at DESC, w.operation_id DESC LIMIT CAST(:limit AS bigint)) AS listed
              WHERE CAST(:listed AS text[]) <> '{}' AND (CAST(:names AS text[]) IS NULL OR d.name = ANY(:names))
              UNION ALL
              (SELECT w.operation_id, w.created_at FROM ${schema}.work w JOIN ${schema}.operation o ON o.id = w.operation_id
                WHERE :ready AND w.state = 'ready' AND w.attempts = 0
            """ + OF_WORK + AS_ASKED + """
                ORDER BY w.created_at DESC, w.operation_id DESC LIMIT CAST(:limit AS bigint))
              UNION ALL
              (SELECT w.operation_id, w.created_at FROM ${schema}.work w JOIN ${schema}.operation o ON o.id = w.operation_id
                WHERE :running AND w.state = 'running'
            """ + OF_WORK + AS_ASKED + """
                ORDER BY w.created_at DESC, w.operation_id DESC LIMIT CAST(:limit AS bigint))) AS found
            ORDER BY found.created_at DESC, found.id DESC LIMIT CAST(:limit AS bigint)
            """;

    /* The same where a param has an index: its values are few enough to look at the status of each. Once per name of it. */
    private static final String FOUND_BY_PARAM = """
            (SELECT o.id, o.created_at
            FROM ${schema}.operation o LEFT JOIN ${schema}.work w ON w.operation_id = o.id
            WHERE o.name = ANY(CAST(:names AS text[])) AND o.params -> CAST(:indexed AS text) = CAST(:value AS jsonb)
              AND octet_length(o.params ->> CAST(:indexed AS text)) <= ${indexed}
              AND (o.created_at, o.id) < (CAST(:beforeTime AS timestamptz), :beforeId)
              AND o.created_at >= CAST(:createdFrom AS timestamptz)
              AND (:anyStatus OR coalesce(${status}, 'completed') = ANY(:statuses))
              AND (CAST(:worker AS bigint) IS NULL OR w.worker = :worker)
            """ + AS_ASKED + """
            ORDER BY o.created_at DESC, o.id DESC LIMIT CAST(:limit AS bigint))
            """;

    private static final String FOUND_BY_PARAMS = """
            SELECT found.id, found.created_at FROM (
            ${each}
            ) AS found ORDER BY found.created_at DESC, found.id DESC LIMIT CAST(:limit AS bigint)
            """;

    /* The index of times has no other way to be read, and is off for all else. */
    private static final String ALLOW_BITMAPS = """
            SELECT set_config('enable_bitmapscan', :allowed, true)
            """;

    private static final String ENDED = """
            SELECT operation_id FROM ${schema}.step
            WHERE finished_at >= CAST(:finishedFrom AS timestamptz) AND finished_at < CAST(:finishedTo AS timestamptz)
            LIMIT :limit
            """;

    private static final String LIST = """
            SELECT v.* FROM (
            ${found}
            ) AS page JOIN ${schema}.operations v ON v.id = page.id
            ORDER BY page.created_at DESC, page.id DESC
            """;

    private static final String IDS = """
            SELECT page.id FROM (
            ${found}
            ) AS page
            """;

    private static final String COUNT = """
            SELECT count(*) FROM (
            ${found}
            ) AS page
            """;

    private static final String COUNTS = """
            SELECT * FROM ${schema}.counts ORDER BY name, status, step
            """;

    private static final String FAILURE_GROUPS = """
            SELECT * FROM ${schema}.failure_groups ORDER BY operations DESC, last_at DESC, sample_id DESC
            """;

    private static final String PAUSES = """
            SELECT * FROM ${schema}.pauses ORDER BY since, kind, name
            """;

    private static final String STEPS = """
            SELECT *, CAST(extract(epoch FROM duration) * 1000000 AS bigint) AS duration_micros
            FROM ${schema}.steps WHERE operation_id = :id ORDER BY seq
            """;

    private static final String FAILURES = """
            SELECT * FROM ${schema}.failures WHERE operation_id = :id ORDER BY id
            """;

    /** Those that no index lists; see {@link #FOUND}. */
    private static final Set<Status> NOT_LISTED = EnumSet.of(Status.READY, Status.RUNNING, Status.COMPLETED);

    /** Failed ones have not ended: somebody decides. */
    private static final Set<Status> WITH_END = EnumSet.of(Status.COMPLETED, Status.COMPENSATED, Status.CANCELLED);

    /** Of the steps that ended in a span of time, so many are a few; among more of them a page is soon full. */
    private static final int FEW = 10_000;

    private static final Instant FIRST_TIME = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST_TIME = Instant.parse("9999-12-31T00:00:00Z");

    private final IndexStore indexes;
    private final String status;
    private final String find;
    private final String foundInOrder;
    private final String foundAmongFew;
    private final String foundByParam;
    private final String ended;
    private final String list;
    private final String ids;
    private final String count;
    private final String counts;
    private final String failureGroups;
    private final String pauses;
    private final String steps;
    private final String failures;

    public ViewStore(Schema schema) {
        indexes = new IndexStore(schema);
        status = schema.in(STATUS);
        find = schema.in(FIND);
        foundInOrder = schema.in(FOUND.replace("${done}", IN_ORDER)).replace("${status}", STATUS_OF_WORK);
        foundAmongFew = schema.in(FOUND.replace("${done}", AMONG_FEW)).replace("${status}", STATUS_OF_WORK);
        ended = schema.in(ENDED);
        foundByParam = schema.in(FOUND_BY_PARAM)
                .replace("${status}", STATUS_OF_WORK)
                .replace("${indexed}", Integer.toString(ParamIndex.MAX_BYTES));
        list = schema.in(LIST);
        ids = schema.in(IDS);
        count = schema.in(COUNT);
        counts = schema.in(COUNTS);
        failureGroups = schema.in(FAILURE_GROUPS);
        pauses = schema.in(PAUSES);
        steps = schema.in(STEPS);
        failures = schema.in(FAILURES);
    }

    /** The status of an operation, if it exists. */
    public Optional<Status> status(Handle handle, long id) {
        return handle.createQuery(status)
                .bind("id", id)
                .mapTo(String.class)
                .findOne()
                .map(Status::ofSql);
    }

    /** An operation, if it exists. */
    public Optional<OperationInfo<Map<String, Object>>> find(Handle handle, long id) {
        return handle.createQuery(find).bind("id", id).map(ViewStore::operation).findOne();
    }

    /** The operations that a search matches, newest first; to be planned with its values. */
    public List<OperationInfo<Map<String, Object>>> list(Handle handle, Search search) {
        return found(handle, list, search)
                .bind("limit", search.limit())
                .map(ViewStore::operation)
                .list();
    }

    /** The ids of the operations that a search matches, newest first. */
    public List<Long> ids(Handle handle, Search search) {
        return found(handle, ids, search)
                .bind("limit", search.limit())
                .mapTo(Long.class)
                .list();
    }

    /** How many operations a search matches, beyond its limit too. */
    public long count(Handle handle, Search search) {
        return found(handle, count, search)
                .bindNull("limit", Types.BIGINT)
                .mapTo(Long.class)
                .one();
    }

    /** How many operations stand where. */
    public List<StepCount> counts(Handle handle) {
        return handle.createQuery(counts)
                .map((row, context) -> new StepCount(
                        row.getString("name"),
                        Status.ofSql(row.getString("status")),
                        row.getString("step"),
                        row.getLong("operations"),
                        required(row, "oldest")))
                .list();
    }

    /** What operations have failed of, the most frequent error first. */
    public List<FailureGroup> failureGroups(Handle handle) {
        return handle.createQuery(failureGroups)
                .map((row, context) -> new FailureGroup(
                        row.getString("name"),
                        row.getString("step"),
                        row.getString("error_class"),
                        row.getString("error_frame"),
                        row.getLong("operations"),
                        row.getLong("failed"),
                        required(row, "first_at"),
                        required(row, "last_at"),
                        row.getLong("sample_id"),
                        row.getString("sample_message")))
                .list();
    }

    /** What is paused as a whole, longest first. */
    public List<PauseInfo> pauses(Handle handle) {
        return handle.createQuery(pauses)
                .map((row, context) -> new PauseInfo(
                        PauseInfo.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                        row.getString("name"),
                        row.getString("who"),
                        row.getString("why"),
                        required(row, "since")))
                .list();
    }

    /** The steps of an operation, run and planned, in order. */
    public List<StepInfo> steps(Handle handle, long id) {
        return handle.createQuery(steps).bind("id", id).map(ViewStore::step).list();
    }

    /** The failed attempts of an operation, in order. */
    public List<FailureInfo> failures(Handle handle, long id) {
        return handle.createQuery(failures)
                .bind("id", id)
                .map(ViewStore::failure)
                .list();
    }

    /** A search by what leaves the fewest to look at: the index of a param, ids, the time of the end, or the order. */
    private Query found(Handle handle, String question, Search search) {
        for (Value param : search.params()) {
            String value = Json.writeValue(param.json());
            if (param.json() != null && isIndexed(handle, search, param.names(), value)) {
                return foundByParam(handle, question, search, param.names(), value);
            }
        }
        Set<Long> few = search.ids().isEmpty() ? ended(handle, search) : search.ids();
        return few == null
                ? bind(handle.createQuery(question.replace("${found}", foundInOrder)), search)
                : bind(handle.createQuery(question.replace("${found}", foundAmongFew)), search)
                        .bindArray("few", Long.class, few);
    }

    private Query foundByParam(Handle handle, String question, Search search, List<String> names, String value) {
        String each = IntStream.range(0, names.size())
                .mapToObj(place -> foundByParam.replace(":indexed", ":indexed" + place))
                .collect(Collectors.joining("UNION ALL\n"));
        Query query = handle.createQuery(question.replace("${found}", FOUND_BY_PARAMS.replace("${each}", each)));
        for (int place = 0; place < names.size(); place++) {
            query.bind("indexed" + place, names.get(place));
        }
        return bind(query, search).bind("value", value);
    }

    private boolean isIndexed(Handle handle, Search search, List<String> params, String value) {
        return !search.names().isEmpty()
                && ParamIndex.holds(value)
                && params.stream()
                        .allMatch(param -> indexes.isValid(handle, new ParamIndex(List.copyOf(search.names()), param)));
    }

    /** Operations of which a step ended in the span of time that is asked for; null if none is, or if they are many. */
    private @Nullable Set<Long> ended(Handle handle, Search search) {
        if (search.finished().from() == null) {
            return null;
        }
        allowBitmaps(handle, "on");
        List<Long> ids = handle.createQuery(ended)
                .bind("finishedFrom", sqlTime(search.finished().from(), null))
                .bind("finishedTo", sqlTime(search.finished().to(), "infinity"))
                .bind("limit", FEW + 1)
                .mapTo(Long.class)
                .list();
        allowBitmaps(handle, "off");
        return ids.size() > FEW ? null : new HashSet<>(ids);
    }

    private static void allowBitmaps(Handle handle, String allowed) {
        handle.createQuery(ALLOW_BITMAPS)
                .bind("allowed", allowed)
                .mapTo(String.class)
                .one();
    }

    private static Query bind(Query query, Search search) {
        // Only unfinished operations stand at a step, have failed at it, or are in somebody's hands.
        boolean unfinished = search.step().isPresent()
                || search.errorClass().isPresent()
                || search.worker().isPresent();
        boolean ended = !search.finished().equals(Range.EVER);
        boolean anyStatus = search.statuses().isEmpty() && !unfinished && !ended;
        Set<Status> statuses = EnumSet.copyOf(ended ? WITH_END : EnumSet.allOf(Status.class));
        if (!search.statuses().isEmpty()) {
            statuses.retainAll(search.statuses());
        }
        boolean ofWork = !anyStatus;
        List<String> listed = statuses.stream()
                .filter(status -> ofWork && search.worker().isEmpty() && !NOT_LISTED.contains(status))
                .map(Status::sql)
                .toList();
        Place before = firstBefore(search);
        return query.bind("anyStatus", anyStatus)
                .bind("finished", anyStatus || (!unfinished && statuses.contains(Status.COMPLETED)))
                .bindArray("listed", String.class, listed)
                .bindArray(
                        "statuses",
                        String.class,
                        statuses.stream().map(Status::sql).toList())
                .bind("ready", ofWork && statuses.contains(Status.READY))
                .bind("running", ofWork && statuses.contains(Status.RUNNING))
                .bindArray(
                        "names",
                        String.class,
                        search.names().isEmpty() ? null : search.names().toArray())
                .bindArray(
                        "ids",
                        Long.class,
                        search.ids().isEmpty() ? null : search.ids().toArray())
                .bind("step", search.step().orElse(null))
                .bind("errorClass", search.errorClass().orElse(null))
                .bind("worker", search.worker().orElse(null))
                .bindArray("params", String.class, present(search.params()))
                .bindArray("absent", String.class, absent(search.params()))
                .bindArray("outputs", String.class, present(search.outputs()))
                .bindArray("unset", String.class, absent(search.outputs()))
                .bind("createdFrom", sqlTime(search.created().from(), "-infinity"))
                .bind("finishedFrom", sqlTime(search.finished().from(), null))
                .bind("finishedTo", sqlTime(search.finished().to(), null))
                .bind("beforeTime", sqlTime(before.createdAt(), "infinity"))
                .bind("beforeId", before.id());
    }

    /** One bound for all that comes before something: of several the server would begin its scan at the first. */
    private static Place firstBefore(Search search) {
        return Stream.of(
                        search.before(),
                        Optional.ofNullable(search.created().to()).map(time -> new Place(time, Long.MIN_VALUE)),
                        // What ended before then was created before then.
                        Optional.ofNullable(search.finished().to()).map(time -> new Place(time, Long.MIN_VALUE)))
                .flatMap(Optional::stream)
                .min(Comparator.comparing(Place::createdAt).thenComparing(Place::id))
                .orElse(new Place(Instant.MAX, Long.MAX_VALUE));
    }

    /** The objects of which one must be contained, one for each way to name the values; null if none is asked for. */
    private static @Nullable Object @Nullable [] present(List<Value> values) {
        List<Map<String, @Nullable Object>> ways = List.of(Map.of());
        for (Value value : values) {
            if (value.json() != null) {
                ways = ways.stream()
                        .flatMap(way -> value.names().stream().map(name -> with(way, name, value.json())))
                        .toList();
            }
        }
        return ways.get(0).isEmpty() ? null : ways.stream().map(Json::write).toArray();
    }

    private static Map<String, @Nullable Object> with(
            Map<String, @Nullable Object> way, String name, @Nullable Object json) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(way);
        more.put(name, json);
        return more;
    }

    private static List<String> absent(List<Value> values) {
        return values.stream()
                .filter(value -> value.json() == null)
                .flatMap(value -> value.names().stream())
                .toList();
    }

    /** Years that Java and PostgreSQL write alike; what lies beyond is beyond all that is stored. */
    private static @Nullable String sqlTime(@Nullable Instant time, @Nullable String otherwise) {
        if (time == null) {
            return otherwise;
        }
        if (time.isBefore(FIRST_TIME)) {
            return "-infinity";
        }
        return time.isAfter(LAST_TIME) ? "infinity" : time.toString();
    }

    private static OperationInfo<Map<String, Object>> operation(ResultSet row, StatementContext context)
            throws SQLException {
        return new OperationInfo<>(
                row.getLong("id"),
                row.getString("name"),
                Status.ofSql(row.getString("status")),
                row.getString("step"),
                row.getInt("steps_done"),
                row.getInt("steps_planned"),
                row.getInt("attempts"),
                row.getString("error_class"),
                row.getString("error_message"),
                instant(row, "run_at"),
                row.getObject("worker", Long.class),
                row.getString("reason"),
                row.getString("queue"),
                row.getString("note"),
                row.getString("key"),
                required(row, "created_at"),
                instant(row, "finished_at"),
                context(row.getString("context")));
    }

    /** Empty where somebody has edited the params to what is no object: it must not hide the others of a list. */
    private static Map<String, Object> context(String json) {
        try {
            return Json.readObject(json);
        } catch (IllegalArgumentException e) {
            return Map.of();
        }
    }

    private static StepInfo step(ResultSet row, StatementContext context) throws SQLException {
        Long micros = row.getObject("duration_micros", Long.class);
        return new StepInfo(
                row.getInt("seq"),
                row.getString("name"),
                StepStatus.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                row.getInt("attempts"),
                instant(row, "started_at"),
                instant(row, "finished_at"),
                micros == null ? null : Duration.of(micros, ChronoUnit.MICROS),
                row.getString("error_class"),
                row.getString("error_message"),
                row.getString("stack_trace"));
    }

    private static FailureInfo failure(ResultSet row, StatementContext context) throws SQLException {
        return new FailureInfo(
                row.getLong("operation_id"),
                row.getString("step"),
                row.getInt("attempt"),
                row.getString("error_class"),
                row.getString("message"),
                row.getString("frame"),
                row.getString("stack_trace"),
                required(row, "failed_at"),
                row.getLong("worker"));
    }

    private static Instant required(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(instant(row, column));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
