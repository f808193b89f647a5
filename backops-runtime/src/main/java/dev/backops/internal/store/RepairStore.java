package dev.backops.internal.store;

import java.util.Collection;
import java.util.List;
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

    /* Those of the operations that failed; one that somebody else resumes meanwhile is not our business any more. */
    private static final String RESUME_ALL = """
            WITH failed AS MATERIALIZED (
              SELECT operation_id FROM ${schema}.work
              WHERE operation_id = ANY(:ids) AND state = 'failed' ORDER BY operation_id FOR UPDATE SKIP LOCKED)
            SELECT operation_id, ${schema}.resume(operation_id, :who, :why) FROM failed
            """;

    private static final String CANCEL = """
            SELECT ${schema}.cancel(:id, :who, :why)
            """;

    private static final String PAUSE = """
            SELECT ${schema}.pause(:id, :who, :why)
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

    private final String resume;
    private final String resumeAll;
    private final String cancel;
    private final String pause;
    private final String unpause;
    private final String retryFrom;
    private final String jumpTo;
    private final String skip;
    private final String setOutput;

    public RepairStore(Schema schema) {
        resume = schema.in(RESUME);
        resumeAll = schema.in(RESUME_ALL);
        cancel = schema.in(CANCEL);
        pause = schema.in(PAUSE);
        unpause = schema.in(UNPAUSE);
        retryFrom = schema.in(RETRY_FROM);
        jumpTo = schema.in(JUMP_TO);
        skip = schema.in(SKIP);
        setOutput = schema.in(SET_OUTPUT);
    }

    /** Makes a failed operation go on from its failed step. */
    public void resume(Handle handle, long id, By by) {
        run(handle.createQuery(resume), id, by);
    }

    /** Resumes those of the operations that failed; returns their ids. */
    public List<Long> resumeAll(Handle handle, Collection<Long> ids, By by) {
        return handle.createQuery(resumeAll)
                .bindArray("ids", Long.class, ids)
                .bind("who", by.who())
                .bind("why", by.why())
                .map((row, context) -> row.getLong("operation_id"))
                .list();
    }

    /** Ends an operation, a running one behind its step; returns whether it has ended already. */
    public boolean cancel(Handle handle, long id, By by) {
        return Boolean.TRUE.equals(run(handle.createQuery(cancel), id, by));
    }

    /** Stops an operation, a running one behind its step; returns whether it has stopped already. */
    public boolean pause(Handle handle, long id, By by) {
        return Boolean.TRUE.equals(run(handle.createQuery(pause), id, by));
    }

    /** Lets a paused operation go on. */
    public void unpause(Handle handle, long id, By by) {
        run(handle.createQuery(unpause), id, by);
    }

    /** Runs a step again, and all that follow. */
    public void retryFrom(Handle handle, long id, String step, By by) {
        run(handle.createQuery(retryFrom).bind("step", step), id, by);
    }

    /** Goes on at a step. */
    public void jumpTo(Handle handle, long id, String step, By by) {
        run(handle.createQuery(jumpTo).bind("step", step), id, by);
    }

    /** Goes on behind the next step, with its outputs as JSON. */
    public void skip(Handle handle, long id, String outputs, By by) {
        run(handle.createQuery(skip).bind("outputs", outputs), id, by);
    }

    /** Gives an output another value, as JSON. */
    public void setOutput(Handle handle, long id, String name, String value, By by) {
        run(handle.createQuery(setOutput).bind("name", name).bind("value", value), id, by);
    }

    private static Object run(Query query, long id, By by) {
        return query.bind("id", id)
                .bind("who", by.who())
                .bind("why", by.why())
                .map((row, context) -> row.getObject(1))
                .one();
    }

    /** Who repairs, and why; who is the role of the connection if it is null. */
    public record By(@Nullable String who, @Nullable String why) {}
}
