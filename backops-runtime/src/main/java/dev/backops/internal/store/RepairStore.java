package dev.backops.internal.store;

import dev.backops.Ahead;
import dev.backops.internal.json.Json;
import dev.backops.internal.json.Storable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Calls the repairs, which are functions in the database so that psql has the same ones. Each locks the operation's work,
 * refuses what makes no sense with an SQL error that says why, and leaves a row in {@code audit}. Callers own the transaction.
 */
public final class RepairStore {

    private static final String RESUME = """
            SELECT ${schema}.resume(:id, :who, :why)
            """;

    private static final String REPAIR_ALL = """
            SELECT * FROM ${schema}.repair_all(:ids, :act, :who, :why, :step, CAST(:outputs AS jsonb), :atOnce) ORDER BY id
            """;

    private static final String CANCEL = """
            SELECT ${schema}.cancel(:id, :who, :why, :atOnce)
            """;

    private static final String PAUSE = """
            SELECT ${schema}.pause(:id, :who, :why, :atOnce)
            """;

    private static final String UNPAUSE = """
            SELECT ${schema}.unpause(:id, :who, :why)
            """;

    private static final String RETRY_FROM = """
            SELECT ${schema}.retry_from(:id, :step, :who, :why)
            """;

    private static final String JUMP_TO = """
            SELECT ${schema}.jump_to(:id, :step, :who, :why)
            """;

    private static final String SKIP = """
            SELECT ${schema}.skip(:id, CAST(:outputs AS jsonb), :who, :why)
            """;

    private static final String SET_OUTPUT = """
            SELECT ${schema}.set_output(:id, :name, CAST(:value AS jsonb), :who, :why)
            """;

    private static final String PAUSE_QUEUE = """
            SELECT ${schema}.pause_queue(:name, :who, :why)
            """;

    private static final String UNPAUSE_QUEUE = """
            SELECT ${schema}.unpause_queue(:name, :who, :why)
            """;

    private static final String PAUSE_NAME = """
            SELECT ${schema}.pause_name(:name, :who, :why)
            """;

    private static final String UNPAUSE_NAME = """
            SELECT ${schema}.unpause_name(:name, :who, :why)
            """;

    private final String resume;
    private final String repairAll;
    private final String cancel;
    private final String pause;
    private final String unpause;
    private final String retryFrom;
    private final String jumpTo;
    private final String skip;
    private final String setOutput;
    private final String pauseQueue;
    private final String unpauseQueue;
    private final String pauseName;
    private final String unpauseName;

    public RepairStore(Schema schema) {
        resume = schema.in(RESUME);
        repairAll = schema.in(REPAIR_ALL);
        cancel = schema.in(CANCEL);
        pause = schema.in(PAUSE);
        unpause = schema.in(UNPAUSE);
        retryFrom = schema.in(RETRY_FROM);
        jumpTo = schema.in(JUMP_TO);
        skip = schema.in(SKIP);
        setOutput = schema.in(SET_OUTPUT);
        pauseQueue = schema.in(PAUSE_QUEUE);
        unpauseQueue = schema.in(UNPAUSE_QUEUE);
        pauseName = schema.in(PAUSE_NAME);
        unpauseName = schema.in(UNPAUSE_NAME);
    }

    /** One act on many operations; those that refuse say why. */
    public List<Repaired> repairAll(Handle handle, Act act, Collection<Long> ids, By by) {
        return handle.createQuery(repairAll)
                .bindArray("ids", Long.class, ids)
                .bind("act", act.name())
                .bind("step", act.step())
                .bind("outputs", act.outputs())
                .bind("atOnce", act.atOnce())
                .bind("who", by.who())
                .bind("why", by.why())
                .map((row, context) ->
                        new Repaired(row.getLong("id"), ahead(row.getString("ahead")), row.getString("refusal")))
                .list();
    }

    /** Makes a failed operation go on from its failed step. */
    public Ahead resume(Handle handle, long id, By by) {
        return ahead(run(handle.createQuery(resume), id, by));
    }

    /** Ends an operation, a running one behind its step, which may be interrupted; returns whether it has ended already. */
    public boolean cancel(Handle handle, long id, boolean atOnce, By by) {
        return Boolean.parseBoolean(run(handle.createQuery(cancel).bind("atOnce", atOnce), id, by));
    }

    /** Stops an operation, a running one behind its step, which may be interrupted; returns whether it has stopped already. */
    public boolean pause(Handle handle, long id, boolean atOnce, By by) {
        return Boolean.parseBoolean(run(handle.createQuery(pause).bind("atOnce", atOnce), id, by));
    }

    /** Lets a paused operation go on. */
    public Ahead unpause(Handle handle, long id, By by) {
        return ahead(run(handle.createQuery(unpause), id, by));
    }

    /** Runs a step again, and all that follow. */
    public Ahead retryFrom(Handle handle, long id, String step, By by) {
        return ahead(run(handle.createQuery(retryFrom).bind("step", step), id, by));
    }

    /** Goes on at a step. */
    public Ahead jumpTo(Handle handle, long id, String step, By by) {
        return ahead(run(handle.createQuery(jumpTo).bind("step", step), id, by));
    }

    /** Goes on behind the next step, with its outputs as JSON. */
    public Ahead skip(Handle handle, long id, String outputs, By by) {
        return ahead(run(handle.createQuery(skip).bind("outputs", outputs), id, by));
    }

    /** Gives an output another value, as JSON. */
    public Ahead setOutput(Handle handle, long id, String name, String value, By by) {
        return ahead(run(handle.createQuery(setOutput).bind("name", name).bind("value", value), id, by));
    }

    /** Stops a queue; returns whether it was not stopped before. */
    public boolean pauseQueue(Handle handle, String queue, By by) {
        return changes(handle.createQuery(pauseQueue), queue, by);
    }

    /** Lets a queue go on; returns whether it was stopped. */
    public boolean unpauseQueue(Handle handle, String queue, By by) {
        return changes(handle.createQuery(unpauseQueue), queue, by);
    }

    /** Stops the operations of a name; returns whether they were not stopped before. */
    public boolean pauseName(Handle handle, String name, By by) {
        return changes(handle.createQuery(pauseName), name, by);
    }

    /** Lets the operations of a name go on; returns whether they were stopped. */
    public boolean unpauseName(Handle handle, String name, By by) {
        return changes(handle.createQuery(unpauseName), name, by);
    }

    private static boolean changes(Query query, String name, By by) {
        return query.bind("name", name)
                .bind("who", by.who())
                .bind("why", by.why())
                .mapTo(Boolean.class)
                .one();
    }

    private static String run(Query query, long id, By by) {
        return query.bind("id", id)
                .bind("who", by.who())
                .bind("why", by.why())
                .map((row, context) -> String.valueOf(row.getObject(1)))
                .one();
    }

    private static Ahead ahead(@Nullable String json) {
        Map<String, Object> ahead = json == null ? Map.of() : Json.readObject(json);
        return new Ahead(texts(ahead.get("runs")), texts(ahead.get("again")));
    }

    private static List<String> texts(@Nullable Object json) {
        return json instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
    }

    /**
     * What to do to many operations.
     *
     * @param name the name of the function that does it to one
     * @param step the step it is about, or null
     * @param outputs the outputs it gives, as JSON, or null
     * @param atOnce whether a step that runs is to be interrupted for it
     */
    public record Act(
            String name, @Nullable String step, @Nullable String outputs, boolean atOnce) {

        public Act(String name) {
            this(name, null, null, /* atOnce= */ false);
        }

        public Act(String name, boolean atOnce) {
            this(name, null, null, atOnce);
        }
    }

    /** What became of one of many; {@code refusal} is null where it was repaired. */
    public record Repaired(long id, Ahead ahead, @Nullable String refusal) {}

    /** Who repairs, and why; who is the role of the connection if it is null. */
    public record By(@Nullable String who, @Nullable String why) {

        public static final By NOBODY_NAMED = new By(null, null);

        /** Refuses what cannot be stored. */
        public static By of(String who, String why) {
            return new By(Storable.text("who", who), Storable.text("why", why));
        }
    }
}
