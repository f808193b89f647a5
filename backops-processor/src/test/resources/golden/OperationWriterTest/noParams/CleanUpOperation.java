package demo;

import dev.backops.BackOps;
import dev.backops.Enqueued;
import dev.backops.KeyConflictException;
import dev.backops.OperationInfo;
import dev.backops.Repairs;
import dev.backops.Search;
import dev.backops.Status;
import dev.backops.annotation.Priority;
import dev.backops.codegen.OperationClient;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationFinder;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Values;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.annotation.processing.Generated;
import org.jdbi.v3.core.Handle;

/**
 * Enqueues, finds and registers the operation {@code nightly.cleanUp}, whose steps are those of
 * {@link CleanUp}.
 *
 * <ol>
 *   <li>{@link CleanUp#deleteOldFiles deleteOldFiles}
 * </ol>
 *
 * <p>The flow, as a Mermaid chart:
 *
 * <pre>{@code
 * flowchart TD
 *   deleteOldFiles --> completed([completed])
 * }</pre>
 *
 * <p>Immutable and safe for every thread: an option such as {@link #key} returns another object.
 */
@Generated("dev.backops.processor.BackOpsProcessor")
final class CleanUpOperation {
    private static final OperationDefinition DEFINITION = OperationDefinition.named("nightly.cleanUp")
            .step(StepDefinition.named("deleteOldFiles"));

    private final OperationClient client;

    private CleanUpOperation(OperationClient client) {
        this.client = client;
    }

    /**
     * The operation on one BackOps. Enqueueing and finding needs no step objects.
     */
    public static CleanUpOperation on(BackOps backOps) {
        return new CleanUpOperation(backOps.client(DEFINITION));
    }

    /**
     * Binds the steps to the object that runs them, for {@link BackOps#register}.
     */
    public static OperationSteps steps(CleanUp cleanUp) {
        return OperationSteps.of(DEFINITION)
                .step("deleteOldFiles", (values, run) -> {
                    cleanUp.deleteOldFiles();
                    return StepResult.none();
                });
    }

    /**
     * Enqueues in the transaction of {@code handle}: workers see the operation once that commits, and a
     * rollback leaves no trace of it. The handle is neither committed nor closed.
     *
     * @param handle an open handle on the database of BackOps
     */
    public CleanUpOperation in(Handle handle) {
        return new CleanUpOperation(client.in(handle));
    }

    /**
     * Enqueues under a key: where this operation is stored with the same key already, nothing is added and
     * the id of that one is returned, with {@link Enqueued#added() added()} false. If its params differ, the
     * enqueue throws a {@link KeyConflictException}.
     */
    public CleanUpOperation key(String key) {
        return new CleanUpOperation(client.key(key));
    }

    /**
     * Enqueues for later: the first step does not start before {@code time}.
     */
    public CleanUpOperation at(Instant time) {
        return new CleanUpOperation(client.at(time));
    }

    /**
     * Enqueues for later: the first step does not start before {@code delay} has passed.
     */
    public CleanUpOperation after(Duration delay) {
        return new CleanUpOperation(client.after(delay));
    }

    /**
     * Enqueues with a priority, by default {@link Priority#NORMAL}: what is due starts before all that has a
     * lower one.
     */
    public CleanUpOperation priority(Priority priority) {
        return new CleanUpOperation(client.priority(priority));
    }

    /**
     * Enqueues one operation, in a transaction of its own that is committed when this returns; after
     * {@link #in}, in the caller's, with which it lives and dies.
     *
     * @return its id, and whether it was added; not, if it was there under the same {@link #key}
     */
    public Enqueued enqueue() {
        return client.enqueue(Values::none);
    }

    /**
     * Finds the newest operations in one of these statuses, or in any where none is given.
     */
    public Finder find(Status... statuses) {
        return find(Search.of(statuses));
    }

    /**
     * Finds operations by status and id, as many as the search says.
     */
    public Finder find(Search search) {
        return new Finder(client.find(search, CleanUpContext::new));
    }

    /**
     * A search for operations, newest first. Immutable: each param or output given returns another finder.
     */
    public static final class Finder {
        private final OperationFinder<CleanUpContext> finder;

        private Finder(OperationFinder<CleanUpContext> finder) {
            this.finder = finder;
        }

        /**
         * Those found, newest first, as many as the search allows.
         */
        public List<OperationInfo<CleanUpContext>> list() {
            return finder.list();
        }

        /**
         * The newest of those found.
         */
        public Optional<OperationInfo<CleanUpContext>> first() {
            return finder.first();
        }

        /**
         * How many there are, however many the search allows.
         */
        public long count() {
            return finder.count();
        }

        /**
         * Repairs those found, as many as the search allows.
         */
        public Repairs repair() {
            return finder.repair();
        }
    }
}
