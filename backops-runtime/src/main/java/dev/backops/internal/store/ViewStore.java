package dev.backops.internal.store;

import dev.backops.FailureInfo;
import dev.backops.OperationInfo;
import dev.backops.Search;
import dev.backops.Status;
import dev.backops.StepInfo;
import dev.backops.StepStatus;
import dev.backops.internal.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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

    /* From the small table: the states narrow by index what the statuses, which are computed, then choose from. */
    private static final String LIST_UNFINISHED = """
            SELECT u.* FROM ${schema}.work w JOIN ${schema}.unfinished u ON u.id = w.operation_id
            WHERE w.state = ANY(:states) AND u.status = ANY(:statuses)
              AND (CAST(:name AS text) IS NULL OR u.name = :name)
              AND (CAST(:params AS jsonb) = '{}' OR u.params @> CAST(:params AS jsonb))
              AND NOT jsonb_exists_any(u.params, :absent)
              AND u.id < :before
            ORDER BY u.id DESC LIMIT :limit
            """;

    private static final String LIST_COMPLETED = """
            SELECT v.* FROM ${schema}.operation o JOIN ${schema}.operations v ON v.id = o.id
            WHERE o.outcome = 'completed'
              AND (CAST(:name AS text) IS NULL OR o.name = :name)
              AND (CAST(:params AS jsonb) = '{}' OR o.params @> CAST(:params AS jsonb))
              AND NOT jsonb_exists_any(o.params, :absent)
              AND o.id < :before
            ORDER BY o.id DESC LIMIT :limit
            """;

    /* In one statement: an operation that completes between two would be in neither answer. */
    private static final String LIST_BOTH = "(" + LIST_COMPLETED + ") UNION ALL (" + LIST_UNFINISHED + ")";

    /* No params asked for is not the same as "@> {}", which only holds for those that nobody has edited to something else. */
    private static final String LIST_ALL = """
            SELECT * FROM ${schema}.operations
            WHERE (CAST(:name AS text) IS NULL OR name = :name)
              AND (CAST(:params AS jsonb) = '{}' OR params @> CAST(:params AS jsonb))
              AND NOT jsonb_exists_any(params, :absent)
              AND id < :before
            ORDER BY id DESC LIMIT :limit
            """;

    private static final String STEPS = """
            SELECT *, CAST(extract(epoch FROM duration) * 1000000 AS bigint) AS duration_micros
            FROM ${schema}.steps WHERE operation_id = :id ORDER BY seq
            """;

    private static final String FAILURES = """
            SELECT * FROM ${schema}.failures WHERE operation_id = :id ORDER BY id
            """;

    private final String status;
    private final String find;
    private final String listUnfinished;
    private final String listCompleted;
    private final String listBoth;
    private final String listAll;
    private final String steps;
    private final String failures;

    public ViewStore(Schema schema) {
        status = schema.in(STATUS);
        find = schema.in(FIND);
        listUnfinished = schema.in(LIST_UNFINISHED);
        listCompleted = schema.in(LIST_COMPLETED);
        listBoth = schema.in(LIST_BOTH);
        listAll = schema.in(LIST_ALL);
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

    /** The operations that a filter matches, newest first. */
    public List<OperationInfo<Map<String, Object>>> list(Handle handle, Filter filter) {
        int limit = filter.search().limit();
        return bind(handle.createQuery(statement(filter.search())), filter)
                .bind("limit", limit)
                .map(ViewStore::operation)
                .stream()
                .sorted(Comparator.comparing(OperationInfo::id, Comparator.reverseOrder()))
                .limit(limit)
                .toList();
    }

    /** How many operations a filter matches, beyond its limit too. */
    public long count(Handle handle, Filter filter) {
        return bind(handle.createQuery("SELECT count(*) FROM (" + statement(filter.search()) + ") AS found"), filter)
                .bindNull("limit", Types.BIGINT)
                .mapTo(Long.class)
                .one();
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

    /** Completed operations are found in the large table, all others from the small one. */
    private String statement(Search search) {
        if (search.statuses().isEmpty()) {
            return listAll;
        }
        boolean completed = search.statuses().contains(Status.COMPLETED);
        boolean others = search.statuses().size() > 1 || !completed;
        if (completed && others) {
            return listBoth;
        }
        return completed ? listCompleted : listUnfinished;
    }

    private static Query bind(Query query, Filter filter) {
        Set<Status> statuses = filter.search().statuses();
        return query.bind("name", filter.name())
                .bind("params", Json.write(filter.params()))
                .bindArray("absent", String.class, filter.absent())
                .bind("before", filter.search().before().orElse(Long.MAX_VALUE))
                .bindArray(
                        "statuses",
                        String.class,
                        statuses.stream().map(Status::sql).toList())
                .bindArray("states", String.class, states(statuses));
    }

    private static List<String> states(Collection<Status> statuses) {
        return statuses.stream()
                .flatMap(status -> switch (status) {
                    case RETRYING -> Stream.of("ready", "scheduled");
                    case COMPLETED -> Stream.of();
                    case SCHEDULED, READY, RUNNING, FAILED, PAUSED, COMPENSATED, CANCELLED -> Stream.of(status.sql());
                })
                .toList();
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
                row.getString("key"),
                Objects.requireNonNull(instant(row, "created_at")),
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
                micros == null ? null : Duration.ofNanos(micros * 1_000),
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
                Objects.requireNonNull(instant(row, "failed_at")),
                row.getLong("worker"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /**
     * What to look for.
     *
     * @param search statuses, limit, page
     * @param name the name of the operation, or null for all
     * @param params values that the stored params must have
     * @param absent names of params that must not be there
     */
    public record Filter(Search search, @Nullable String name, Map<String, Object> params, List<String> absent) {}
}
