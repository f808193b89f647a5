package dev.backops.internal.engine;

import dev.backops.StepTransactionException;
import dev.backops.internal.store.Database;
import dev.backops.internal.store.JournalStore;
import dev.backops.internal.store.JournalStore.AttemptKey;
import dev.backops.internal.store.JournalStore.Held;
import dev.backops.internal.store.SqlStates;
import dev.backops.internal.store.StepTransaction;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs steps that record themselves: the writes of a step, its outputs and its record are one transaction. A step that
 * fails is rolled back and left to the journal.
 *
 * <p>What the database asks to repeat, and what it could not take for trouble of its own, is repeated and no attempt. After
 * a commit whose answer was lost the database is asked what became of it, before anything else.
 */
final class TransactionalSteps {

    private static final Logger log = LoggerFactory.getLogger(TransactionalSteps.class);

    /** How often a step is repeated at once before that counts as a failed attempt. */
    static final int MAX_REPEATS = 10;

    private static final long LONG_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<StepTransaction> transactions;
    private final Database database;
    private final JournalStore store;
    private final Lease lease;
    private final BooleanSupplier hurried;
    private final AtomicBoolean waitedLong = new AtomicBoolean();

    /** Steps end where {@code hurried} says so, rather than wait for a database that is away. */
    TransactionalSteps(
            Supplier<StepTransaction> transactions,
            Database database,
            JournalStore store,
            Lease lease,
            BooleanSupplier hurried) {
        this.transactions = transactions;
        this.database = database;
        this.store = store;
        this.lease = lease;
        this.hurried = hurried;
    }

    /** Runs a step until it is recorded or has failed. */
    StepOutcome run(Execution execution, Step step) {
        Duration pause = Duration.ZERO;
        int repeats = 0;
        @Nullable JournalEntry undecided = null;
        while (true) {
            Try last = undecided == null ? once(execution, step) : lookUp(execution, undecided);
            if (last instanceof Over over) {
                return over.outcome();
            }
            Duration wait = Duration.ZERO;
            if (last instanceof Repeat repeat) {
                if (++repeats > MAX_REPEATS) {
                    return repeat.otherwise();
                }
                undecided = null;
            } else if (last instanceof Trouble trouble) {
                if (pause.isZero()) {
                    log.warn("Step {} of operation {} waits for the database", step, execution.id(), trouble.error());
                }
                pause = LoopThread.nextPause(pause);
                wait = LoopThread.jittered(pause);
                undecided = trouble.undecided();
            }
            if (!mayGoOn(execution, wait)) {
                return new StepOutcome.NotRecorded();
            }
        }
    }

    private boolean mayGoOn(Execution execution, Duration wait) {
        try {
            Thread.sleep(wait.toMillis());
            return !hurried.getAsBoolean() && lease.await(execution.worker());
        } catch (InterruptedException e) {
            return false;
        }
    }

    private Try once(Execution execution, Step step) {
        StepTransaction opened;
        try {
            opened = begin();
        } catch (RuntimeException | Error e) {
            // If it is not the connection, it is what the user's Jdbi has been told to do to its handles.
            boolean noConnection = e instanceof ConnectionException || SqlStates.blamesDatabase(e);
            return noConnection ? new Trouble(e, null) : new Over(step.failed(e));
        }
        try (StepTransaction transaction = opened) {
            StepOutcome.ToRecord called = step.call(transaction.handle(), transaction::stopStatement);
            Throwable error = called.error();
            if (error == null) {
                return record(execution, step, called.entry(), transaction);
            }
            // The database asks for it, or it has ended the step's connection, which is no fault of the step.
            if (called.interruption() == null && isReadOnly(error)) {
                return new Trouble(error, null);
            }
            boolean repeats =
                    called.interruption() == null && (SqlStates.asksToRepeat(error) || transaction.isBroken());
            return repeats ? new Repeat(called) : new Over(called);
        }
    }

    private StepTransaction begin() {
        long start = System.nanoTime();
        StepTransaction transaction = transactions.get();
        if (System.nanoTime() - start > LONG_WAIT_NANOS && waitedLong.compareAndSet(false, true)) {
            log.warn(
                    "A transactional step waited for more than a second for its connection. Each one that runs needs one:"
                            + " give the pool more connections, or this process less concurrency.");
        }
        return transaction;
    }

    private Try record(Execution execution, Step step, JournalEntry entry, StepTransaction transaction) {
        Optional<String> state;
        try (Handle ours = transaction.ours()) {
            state = store.recordInside(ours, execution.worker(), entry.finishedRow(System.nanoTime()));
            if (state.isEmpty() && !transaction.isIntact()) {
                return new Over(step.failed(new StepTransactionException("Step " + step
                        + " ended its transaction itself, by SQL or on an unwrapped connection. What it committed so"
                        + " stays. Leave the end of the transaction to BackOps.")));
            }
        } catch (JdbiException e) {
            // A connection that breaks each time, as by a timeout for idle transactions, must come to an end somehow.
            if (transaction.isBroken()) {
                return new Repeat(step.failed(cause(e)));
            }
            return isReadOnly(e) ? new Trouble(e, null) : unrecorded(step, entry, e);
        }
        if (state.isEmpty()) {
            return new Trouble(null, entry);
        }
        if (transaction.handle().isClosed()) {
            return new Over(step.failed(
                    new StepTransactionException("Step " + step + " closed its handle. Leave that to BackOps.")));
        }
        try {
            transaction.commit();
        } catch (SQLException e) {
            if (SqlStates.asksToRepeat(e)) {
                return new Repeat(step.failed(e));
            }
            // A deferred constraint, for example, says no for certain, and leaves the connection as it is.
            boolean certain = SqlStates.of(e) != null && !SqlStates.blamesDatabase(e) && !transaction.isBroken();
            return certain ? new Over(step.failed(e)) : new Trouble(e, entry);
        }
        return new Over(new StepOutcome.Recorded(entry, state.get()));
    }

    /** Whether a step could not write since nobody can, rather than since it has made its own transaction read-only. */
    private boolean isReadOnly(Throwable error) {
        try {
            return SqlStates.blamesReadOnly(error) && database.with(store::isReadOnly);
        } catch (JdbiException e) {
            log.debug("The database does not say whether it is read-only, so it is away", e);
            return true;
        }
    }

    private static Try unrecorded(Step step, JournalEntry entry, JdbiException error) {
        Throwable cause = cause(error);
        if (SqlStates.asksToRepeat(error)) {
            return new Repeat(step.failed(cause));
        }
        if (SqlStates.blamesAbortedTransaction(error)) {
            return new Over(step.failed(new StepTransactionException(
                    "Step " + step
                            + " went on after an SQL error, which had ended its transaction. Let the error out, or"
                            + " set a savepoint before what may fail, and roll back to it.",
                    cause)));
        }
        if (SqlStates.blamesContent(error)) {
            String state = SqlStates.of(error);
            log.error("PostgreSQL refused the outcome of step {} (SQLSTATE {}); the operation fails", step, state);
            return new Over(new StepOutcome.ToRecord(entry.refused(state), null, null));
        }
        return SqlStates.blamesDatabase(error) ? new Trouble(error, null) : new Over(step.failed(cause));
    }

    /** Without the outer one, whose message quotes values. */
    private static Throwable cause(JdbiException error) {
        return error.getCause() == null ? error : error.getCause();
    }

    /** Asks what became of a step that has not recorded itself, as far as it knows. */
    private Try lookUp(Execution execution, JournalEntry entry) {
        try {
            return database.inTransaction(handle -> answer(handle, execution, entry));
        } catch (JdbiException e) {
            return new Trouble(e, entry);
        }
    }

    private Try answer(Handle handle, Execution execution, JournalEntry entry) {
        List<AttemptKey> key = List.of(entry.key());
        store.lockHeld(handle, execution.worker(), entry.key());
        List<Held> held = store.held(handle, execution.worker(), key);
        if (!store.recorded(handle, execution.worker(), key).isEmpty()) {
            return new Over(new StepOutcome.Recorded(entry, held.isEmpty() ? Journal.ELSEWHERE : Journal.RUNNING));
        }
        if (held.isEmpty()) {
            return new Over(new StepOutcome.NotRecorded());
        }
        if (held.get(0).changed()) {
            log.error("Operation {} was changed by hand while its step ran; the operation fails", execution.id());
            return new Over(new StepOutcome.ToRecord(entry.changed(), null, null));
        }
        return new Trouble(null, null);
    }

    /** A step, as it is called on a handle. */
    interface Step {

        /** Calls the code of the user; {@code stopStatement} ends the statement that it waits for. */
        StepOutcome.ToRecord call(Handle handle, Runnable stopStatement);

        /** What follows if the step fails by an error that it did not throw itself. */
        StepOutcome.ToRecord failed(Throwable error);

        /** The name of the step. */
        @Override
        String toString();
    }

    /** What came of trying once. */
    private sealed interface Try {}

    private record Over(StepOutcome outcome) implements Try {}

    /** To be run again at once, unless that was done too often. */
    private record Repeat(StepOutcome.ToRecord otherwise) implements Try {}

    /** To be done again after a pause: to look what became of an entry, if there is one, else to run the step. */
    private record Trouble(
            @Nullable Throwable error, @Nullable JournalEntry undecided) implements Try {}
}
