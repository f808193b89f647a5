package dev.backops;

import dev.backops.internal.client.FoundRepairs;
import dev.backops.internal.client.Installation;
import dev.backops.internal.engine.StoredNames;
import dev.backops.internal.json.Json;
import dev.backops.internal.json.Storable;
import dev.backops.internal.store.RepairStore;
import dev.backops.internal.store.RepairStore.By;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jspecify.annotations.Nullable;

/**
 * Looks at operations of every name, and repairs them in place: same id, history kept, every act noted in {@code audit}. The generated {@code find(…)} does the same for one name with
 * typed params. Safe for every thread; each call is a transaction of its own.
 *
 * <p>An operation keeps the names of steps and outputs that it was enqueued with. Repairs take those, or the ones of today
 * where the operation is registered here or was enqueued here; what they return has the former ones.
 *
 * <p>Every method throws {@link DatabaseException} if the database cannot be reached, {@link ClosedException} after
 * {@link BackOps#close}, and {@link IllegalArgumentException} for a text or a JSON value that PostgreSQL cannot store.
 */
public final class Operations {

    private final Installation installation;
    private final By by;

    Operations(Installation installation) {
        this(installation, By.NOBODY_NAMED);
    }

    private Operations(Installation installation, By by) {
        this.installation = installation;
        this.by = by;
    }

    /**
     * The same, with what the audit row of each repair says about it.
     *
     * @param who the person or program that repairs; by default the role of the connection
     * @param why the reason
     */
    public Operations by(String who, String why) {
        return new Operations(installation, By.of(who, why));
    }

    /** The status of an operation, or empty if there is no such operation. */
    public Optional<Status> status(long id) {
        return installation.read(handle -> installation.stores().views().status(handle, id));
    }

    /** An operation, with its params and outputs as JSON values, or empty if there is no such operation. */
    public Optional<OperationInfo<Map<String, Object>>> find(long id) {
        return installation.read(handle -> installation.stores().views().find(handle, id));
    }

    /** Operations of all names, newest first, with their params and outputs as JSON values. */
    public List<OperationInfo<Map<String, Object>>> list(Search search) {
        return installation.search(handle -> installation.stores().views().list(handle, search));
    }

    /** How many operations match, beyond the search's limit too; it looks at each of them. */
    public long count(Search search) {
        return installation.search(handle -> installation.stores().views().count(handle, search));
    }

    /** Repairs the operations that a search finds, as many as its limit allows. */
    public Repairs repair(Search search) {
        return new FoundRepairs(installation, search, by);
    }

    /**
     * How many operations stand where, by name, status and step. Those that are completed, compensated or cancelled are not
     * counted: completed ones cost it nothing, and the others hardly anything.
     */
    public List<StepCount> counts() {
        return installation.search(handle -> installation.stores().views().counts(handle));
    }

    /** What operations have failed of, for good or until the next attempt, the most frequent error first. */
    public List<FailureGroup> failureGroups() {
        return installation.search(handle -> installation.stores().views().failureGroups(handle));
    }

    /** The queues and names that are paused, the longest pause first. */
    public List<PauseInfo> pauses() {
        return installation.read(handle -> installation.stores().views().pauses(handle));
    }

    /** The steps of an operation, run and planned, in order; empty if there is no such operation. */
    public List<StepInfo> steps(long id) {
        return installation.read(handle -> installation.stores().views().steps(handle, id));
    }

    /** The failed attempts of an operation, in order; empty if there is none, or no such operation. */
    public List<FailureInfo> failures(long id) {
        return installation.read(handle -> installation.stores().views().failures(handle, id));
    }

    /**
     * Makes a failed operation go on from its failed step, with all attempts anew. What was recorded before does not run
     * again.
     *
     * @return what runs from here, and what of that a second time
     * @throws OperationNotFoundException if there is no such operation
     * @throws RepairRefusedException if it has not failed
     */
    public Ahead resume(long id) {
        return repair(repairs -> handle -> repairs.resume(handle, id, by));
    }

    /**
     * Ends an operation that is not over, for good. If its step runs now, the operation ends once that is recorded.
     *
     * @return whether it has ended already
     * @throws OperationNotFoundException if there is no such operation
     * @throws RepairRefusedException if it is over
     */
    public boolean cancel(long id) {
        return cancel(id, /* atOnce= */ false);
    }

    /**
     * Ends an operation that is not over, for good and without waiting for a step that runs now: it is interrupted, in this
     * process at once, in others within a third of the lease. If it throws then, the operation is cancelled all the same; if
     * it returns, what it did is recorded first.
     *
     * @return whether it has ended already
     * @throws OperationNotFoundException if there is no such operation
     * @throws RepairRefusedException if it is over
     */
    public boolean cancelNow(long id) {
        return cancel(id, /* atOnce= */ true);
    }

    private boolean cancel(long id, boolean atOnce) {
        boolean ended = repair(repairs -> handle -> repairs.cancel(handle, id, atOnce, by));
        if (ended) {
            installation.repaired(List.of(id));
        }
        return ended;
    }

    /**
     * Stops an operation until {@link #unpause}. If its step runs now, the operation stops once that is recorded.
     *
     * @return whether it has stopped already
     * @throws OperationNotFoundException if there is no such operation
     * @throws RepairRefusedException if it has failed, is paused, or is over
     */
    public boolean pause(long id) {
        return repair(repairs -> handle -> repairs.pause(handle, id, /* atOnce= */ false, by));
    }

    /**
     * Stops an operation until {@link #unpause}, without waiting for a step that runs now: it is interrupted, in this process
     * at once, in others within a third of the lease. If it throws then, that is a failed attempt, but never the last one,
     * and another one follows {@link #unpause}; if it returns, what it did is recorded first.
     *
     * @return whether it has stopped already
     * @throws OperationNotFoundException if there is no such operation
     * @throws RepairRefusedException if it has failed, is paused, or is over
     */
    public boolean pauseNow(long id) {
        return repair(repairs -> handle -> repairs.pause(handle, id, /* atOnce= */ true, by));
    }

    /**
     * Lets a paused operation go on, at its time if that has not come yet.
     *
     * @return what runs from here, and what of that a second time
     * @throws OperationNotFoundException if there is no such operation
     * @throws RepairRefusedException if it is not paused
     */
    public Ahead unpause(long id) {
        return repair(repairs -> handle -> repairs.unpause(handle, id, by));
    }

    /**
     * Runs a step again that has run or was next, and everything behind it; each with a new idempotency key, except a step
     * that was next. The step runs at once, whatever its {@code delay} or {@code at} say; those of the steps behind it count
     * as ever. A paused operation stays paused.
     *
     * @param step the stored name of the step
     * @return what runs from here, and what of that a second time
     * @throws OperationNotFoundException if there is no such operation
     * @throws RepairRefusedException if the step has not run, if it runs now, if the operation is over, or if an output is
     *     not set that this or a later step needs
     */
    public Ahead retryFrom(long id, String step) {
        String name = Storable.text("step", step);
        return repair(repairs ->
                handle -> repairs.retryFrom(handle, id, names(handle, id).stored(name), by));
    }

    /** The same with the constant of a generated {@code XStep}. */
    public Ahead retryFrom(long id, StepName step) {
        return retryFrom(id, step.stepName());
    }

    /**
     * Makes an operation go on at any of its steps: at once, whatever the {@code delay} or {@code at} of that step say; those
     * of the steps behind it count as ever. A paused operation stays paused. On a branch that only a failure leads to,
     * the operation ends at the end of the branch.
     *
     * @param step the stored name of the step
     * @return what runs from here, and what of that a second time
     * @throws OperationNotFoundException if there is no such operation
     * @throws RepairRefusedException if there is no such step, if a step runs now, if the operation is over, or if an output
     *     is not set that this or a later step needs
     */
    public Ahead jumpTo(long id, String step) {
        String name = Storable.text("step", step);
        return repair(repairs ->
                handle -> repairs.jumpTo(handle, id, names(handle, id).stored(name), by));
    }

    /** The same with the constant of a generated {@code XStep}. */
    public Ahead jumpTo(long id, StepName step) {
        return jumpTo(id, step.stepName());
    }

    /**
     * Makes an operation go on behind its next step, as if that had run: where the one behind it has a {@code delay} or
     * {@code at}, as they were when the operation was enqueued, it waits for that. {@link #jumpTo(long, String) Jump} to that
     * step to run it at once. A paused operation stays paused.
     *
     * @param outputs what the step would have set, as JSON values by name
     * @return what runs from here, and what of that a second time
     * @throws OperationNotFoundException if there is no such operation
     * @throws RepairRefusedException if an output is missing, unknown, or not of its type, if the step runs now, if the
     *     operation is over, if the value that says when the one behind it runs is not a time, or if the step always jumps and
     *     an output is not set that the one behind it needs: jump instead
     */
    public Ahead skip(long id, Map<String, Object> outputs) {
        Map<String, @Nullable Object> values = Storable.values(outputs);
        Ahead ahead = repair(repairs ->
                handle -> repairs.skip(handle, id, Json.write(names(handle, id).stored(values)), by));
        if (ahead.runs().isEmpty()) {
            installation.repaired(List.of(id));
        }
        return ahead;
    }

    /**
     * Gives an output another value. An operation that waits for a time already waits on, even if the output was that time.
     *
     * @param value a JSON value, or null to unset the output
     * @return what runs from here, and what of that a second time
     * @throws OperationNotFoundException if there is no such operation
     * @throws RepairRefusedException if there is no such output, if the value is not of its type, if no step is recorded yet, if a step runs now, if the
     *     operation is over, or if the next or a later step needs the output that is to be unset
     */
    public Ahead setOutput(long id, String name, @Nullable Object value) {
        String output = Storable.text("name", name);
        String json = Json.writeValue(Storable.value('"' + name + '"', value));
        return repair(repairs ->
                handle -> repairs.setOutput(handle, id, names(handle, id).storedValue(output), json, by));
    }

    /**
     * Stops a queue until {@link #unpauseQueue}, for all processes and across restarts: no operation of it begins, and those
     * that run stop behind their step, at the latest after some seconds. They are {@code waiting} then, and {@code reason} in
     * the views says so.
     *
     * @return false if it was stopped before, and stays so
     * @throws IllegalArgumentException if no queue can have that name; see {@link BackOps.Builder#queue}
     */
    public boolean pauseQueue(String queue) {
        String name = Storable.name("queue", queue);
        return changePauses(repairs -> handle -> repairs.pauseQueue(handle, name, by));
    }

    /**
     * Lets a queue go on.
     *
     * @return false if it was not stopped
     */
    public boolean unpauseQueue(String queue) {
        String name = Storable.text("queue", queue);
        return changePauses(repairs -> handle -> repairs.unpauseQueue(handle, name, by));
    }

    /**
     * Stops all operations of a name until {@link #unpauseName}, those that are added later too, and those that are stored
     * under a former name, if the operation is registered here or was enqueued here; the same as {@link #pauseQueue}
     * otherwise.
     *
     * @return false if they were stopped before, and stay so
     * @throws OperationNotFoundException if no operation of that name was ever registered or enqueued
     */
    public boolean pauseName(String name) {
        String known = Storable.text("name", name);
        return changePauses(repairs -> handle -> installation.storedNames(handle, known).stream()
                .map(stored -> repairs.pauseName(handle, stored, by))
                .reduce(false, Boolean::logicalOr));
    }

    /**
     * Lets the operations of a name go on.
     *
     * @return false if they were not stopped
     */
    public boolean unpauseName(String name) {
        String known = Storable.text("name", name);
        return changePauses(repairs -> handle -> installation.storedNames(handle, known).stream()
                .map(stored -> repairs.unpauseName(handle, stored, by))
                .reduce(false, Boolean::logicalOr));
    }

    private StoredNames names(Handle handle, long id) {
        return installation.names(handle, id);
    }

    private boolean changePauses(Function<RepairStore, HandleCallback<Boolean, RuntimeException>> work) {
        boolean changed = repair(work);
        installation.engine().pausesChanged();
        return changed;
    }

    private <T> T repair(Function<RepairStore, HandleCallback<T, RuntimeException>> work) {
        return installation.repair(work.apply(installation.stores().repairs()));
    }
}
