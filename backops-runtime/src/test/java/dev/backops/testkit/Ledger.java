package dev.backops.testkit;

import dev.backops.StepRun;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;

/**
 * Which step was called when and in which process: written by the steps themselves, each call in a transaction of its own,
 * into a table that BackOps knows nothing of.
 */
public final class Ledger {

    private final Sql sql;
    private final Sql records;

    public Ledger(DataSource dataSource) {
        this(dataSource, dataSource);
    }

    /** A ledger in one database about operations in another. */
    public Ledger(DataSource dataSource, DataSource operations) {
        sql = new Sql(dataSource);
        records = new Sql(operations);
    }

    /** Creates the table. */
    public Ledger create() {
        sql.execute("""
                CREATE TABLE public.ledger (
                  id bigint GENERATED ALWAYS AS IDENTITY, operation bigint NOT NULL, step text NOT NULL, pid bigint NOT NULL,
                  called_at timestamptz NOT NULL DEFAULT clock_timestamp())
                """);
        return this;
    }

    /** From now on notes what counts as a crash; the tables of BackOps must be there. */
    public void watchCrashes() {
        records.execute("CREATE TABLE public.crash (operation bigint)");
        records.execute("""
                CREATE FUNCTION public.note_crash() RETURNS trigger LANGUAGE plpgsql
                AS 'BEGIN INSERT INTO public.crash VALUES (NEW.operation_id); RETURN NULL; END'
                """);
        records.execute("""
                CREATE TRIGGER note_crash AFTER UPDATE ON backops.work
                FOR EACH ROW WHEN (NEW.crashes > OLD.crashes) EXECUTE FUNCTION public.note_crash()
                """);
    }

    /** Operations that were taken from a worker for dead. */
    public List<String> crashes() {
        return records.texts("SELECT operation FROM public.crash");
    }

    /** Notes a call. */
    public void note(StepRun run) {
        sql.execute(
                "INSERT INTO public.ledger (operation, step, pid) VALUES (?, ?, ?)",
                run.operationId(),
                run.step(),
                ProcessHandle.current().pid());
    }

    /** Steps that note their calls and then take up to {@code longest}. */
    public Order.Steps steps(Duration longest) {
        return new Order.Steps() {
            @Override
            public Order.Charge charge(long number, StepRun run) throws Exception {
                work(run);
                return new Order.Charge("receipt-" + number, null);
            }

            @Override
            public void ship(String receipt, StepRun run) throws Exception {
                work(run);
            }

            @Override
            public void thank(StepRun run) throws Exception {
                work(run);
            }

            private void work(StepRun run) throws InterruptedException {
                note(run);
                if (!longest.isZero()) {
                    Thread.sleep(ThreadLocalRandom.current().nextLong(longest.toMillis() + 1));
                }
            }
        };
    }

    /** How many calls there were. */
    public long calls() {
        return sql.number("SELECT count(*) FROM public.ledger");
    }

    /** How many calls of steps there were in a process. */
    public long calls(long pid) {
        return sql.number("SELECT count(*) FROM public.ledger WHERE pid = ?", pid);
    }

    /** How many operations have ended as completed. */
    public long completed() {
        return records.number("SELECT count(*) FROM backops.operation WHERE outcome = 'completed'");
    }

    /** How many steps are recorded. */
    public long recorded() {
        return records.number("SELECT count(*) FROM backops.step");
    }

    /** What is recorded other than as the three steps of an order in their order. */
    public List<String> misrecorded() {
        return records.texts("""
                SELECT operation_id || ': ' || names FROM (
                  SELECT o.id AS operation_id, coalesce(string_agg(s.seq || ' ' || s.name, ', ' ORDER BY s.seq), '') AS names
                  FROM backops.operation o LEFT JOIN backops.step s ON s.operation_id = o.id GROUP BY o.id) AS recorded
                WHERE names <> '0 charge, 1 ship, 2 thank' ORDER BY operation_id
                """);
    }

    /** Steps that were called after they were recorded. */
    public List<String> calledAfterRecord() {
        return sql.texts("""
                SELECT s.operation_id || ' ' || s.name FROM backops.step s
                JOIN public.ledger l ON l.operation = s.operation_id AND l.step = s.name
                WHERE l.called_at > s.finished_at
                """);
    }

    /** Steps that were recorded without a call. */
    public List<String> recordedWithoutCall() {
        return sql.texts("""
                SELECT s.operation_id || ' ' || s.name FROM backops.step s
                WHERE NOT EXISTS (
                  SELECT FROM public.ledger l
                  WHERE l.operation = s.operation_id AND l.step = s.name AND l.called_at <= s.finished_at)
                """);
    }

    /** Steps that were called more often than once. */
    public List<String> calledAgain() {
        return sql.texts("""
                SELECT operation || ' ' || step || ' ' || count(*) FROM public.ledger
                GROUP BY operation, step HAVING count(*) > 1
                """);
    }

    /** Steps whose record counts more attempts than one, and failed attempts. */
    public List<String> failedAttempts() {
        return records.texts("""
                SELECT operation_id || ' ' || name || ' took ' || attempts FROM backops.step WHERE attempts <> 1
                UNION ALL
                SELECT operation_id || ' ' || step || ' failed by ' || error_class FROM backops.failure
                """);
    }
}
