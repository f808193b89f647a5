package dev.backops;

import dev.backops.internal.client.Installation;
import dev.backops.internal.store.ViewStore.Filter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at operations of every name, and resumes failed ones. The generated {@code find(…)} does the same for one name with
 * typed params. Safe for every thread; each call is a transaction of its own.
 *
 * <p>Every method throws {@link DatabaseException} if the database cannot be reached, and {@link ClosedException} after
 * {@link BackOps#close}.
 */
public final class Operations {

    private final Installation installation;

    Operations(Installation installation) {
        this.installation = installation;
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
        return installation.read(
                handle -> installation.stores().views().list(handle, new Filter(search, null, Map.of(), List.of())));
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
     * @throws OperationNotFoundException if there is no such operation
     * @throws NotFailedException if it has not failed
     */
    public void resume(long id) {
        if (installation.resume(List.of(id)) == 0) {
            Status status = status(id).orElseThrow(() -> new OperationNotFoundException("There is no operation " + id));
            throw new NotFailedException(
                    "Operation " + id + " is " + status.sql() + "; only a failed operation can be resumed");
        }
    }
}
