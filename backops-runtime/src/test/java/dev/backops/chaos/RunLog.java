package dev.backops.chaos;

import dev.backops.StepRun;
import dev.backops.testkit.Sql;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What steps and clients say themselves, each in a transaction of its own, in a database that nothing happens to. Safe for
 * every thread.
 */
final class RunLog {

    private final Sql sql;

    RunLog(DataSource dataSource) {
        sql = new Sql(dataSource);
    }

    RunLog create() {
        sql.execute("""
                CREATE TABLE public.run (
                  number bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, operation bigint NOT NULL, step text NOT NULL,
                  pid bigint NOT NULL, begun_at timestamptz NOT NULL, ended_at timestamptz);
                CREATE TABLE public.acknowledged (operation bigint NOT NULL);
                CREATE TABLE public.cancelled (operation bigint NOT NULL)
                """);
        return this;
    }

    /** Notes that a step begins, by the clock of its process; returns the number of the run. */
    long begun(StepRun run) {
        Timestamp now = Timestamp.from(Instant.now());
        return sql.number(
                "INSERT INTO public.run (operation, step, pid, begun_at) VALUES (?, ?, ?, ?) RETURNING number",
                run.operationId(),
                run.step(),
                ProcessHandle.current().pid(),
                now);
    }

    /** Notes the end of a run, of an interrupted one as well. */
    void ended(long number) {
        boolean interrupted = Thread.interrupted();
        sql.execute("UPDATE public.run SET ended_at = ? WHERE number = ?", Timestamp.from(Instant.now()), number);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Notes that the enqueue of operations has returned. */
    void acknowledged(Collection<Long> operations) {
        operations.forEach(id -> sql.execute("INSERT INTO public.acknowledged VALUES (?)", id));
    }

    /** Notes that somebody is about to cancel an operation. */
    void cancelling(long operation) {
        sql.execute("INSERT INTO public.cancelled VALUES (?)", operation);
    }

    Set<Long> acknowledged() {
        return ids("SELECT operation::text FROM public.acknowledged");
    }

    Set<Long> cancelled() {
        return ids("SELECT operation::text FROM public.cancelled");
    }

    private Set<Long> ids(String query) {
        Set<Long> ids = new HashSet<>();
        sql.texts(query).forEach(id -> ids.add(Long.parseLong(id)));
        return ids;
    }

    /** All runs, operation by operation, in the order in which they began. */
    List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        sql.each(
                "SELECT operation, step, pid, begun_at, ended_at FROM public.run ORDER BY operation, begun_at, number",
                row -> {
                    Timestamp end = row.getTimestamp(5);
                    runs.add(new Run(
                            row.getLong(1),
                            row.getString(2),
                            row.getLong(3),
                            row.getTimestamp(4).toInstant(),
                            end == null ? null : end.toInstant()));
                });
        return runs;
    }

    void clear() {
        sql.execute("TRUNCATE public.run, public.acknowledged, public.cancelled");
    }

    /**
     * A run of a step.
     *
     * @param end null if its process has not lived to tell
     */
    record Run(
            long operation,
            String step,
            long pid,
            Instant begin,
            @Nullable Instant end) {

        boolean isOnAt(Instant time) {
            return !begin.isAfter(time) && end != null && end.isAfter(time);
        }
    }
}
