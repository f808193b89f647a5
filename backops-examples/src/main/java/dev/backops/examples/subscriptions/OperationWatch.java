package dev.backops.examples.subscriptions;

import dev.backops.Status;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches operations until they have ended. A look costs little: it is at those only that have not. */
final class OperationWatch {

    private static final Logger log = LoggerFactory.getLogger(OperationWatch.class);

    private static final String UNFINISHED = "SELECT id, status, worker FROM backops.unfinished WHERE id = ANY (:ids)";

    private static final String RUNNING_WORKERS = """
            SELECT DISTINCT worker FROM backops.unfinished
            WHERE name = 'subscriptions.fulfillment' AND status = 'running'
            """;

    private static final Duration OUTAGE_LIMIT = Duration.ofSeconds(30);

    private record Unfinished(long id, Status status, long worker) {}

    private final Jdbi jdbi;
    private final Set<Long> formerWorkers;
    private final int total;
    private Set<Long> open;
    private int failed;
    private Progress last;
    private long lastLook = System.nanoTime();

    /**
     * Watches some operations.
     *
     * @param formerWorkers the workers of other runs: what they do not end waits for the end of their lease
     */
    OperationWatch(Jdbi jdbi, Set<Long> formerWorkers, Collection<Long> ids) {
        this.jdbi = jdbi;
        this.formerWorkers = formerWorkers;
        this.open = Set.copyOf(ids);
        this.total = open.size();
        this.last = new Progress(total, 0, 0, 0, 0, 0);
    }

    /** The workers that run operations now: before this process begins, those of other runs, alive or dead. */
    static Set<Long> runningWorkers(Jdbi jdbi) {
        return jdbi.withHandle(
                handle -> handle.createQuery(RUNNING_WORKERS).mapTo(Long.class).set());
    }

    /** Looks once. While the database is away, which BackOps sits out, this returns for a while what it last saw. */
    Progress look() {
        try {
            last = count(unfinished());
            lastLook = System.nanoTime();
        } catch (JdbiException e) {
            if (System.nanoTime() - lastLook > OUTAGE_LIMIT.toNanos()) {
                throw e;
            }
            log.warn("The database does not answer", e);
        }
        return last;
    }

    private Progress count(List<Unfinished> unfinished) {
        Set<Long> stillOpen = new HashSet<>();
        int retrying = 0;
        int paused = 0;
        int orphaned = 0;
        for (Unfinished one : unfinished) {
            if (one.status() == Status.FAILED) {
                failed++;
                continue;
            }
            stillOpen.add(one.id());
            retrying += one.status() == Status.RETRYING ? 1 : 0;
            paused += one.status() == Status.PAUSED ? 1 : 0;
            orphaned += formerWorkers.contains(one.worker()) ? 1 : 0;
        }
        open = stillOpen;
        return new Progress(total, total - open.size() - failed, failed, retrying, paused, orphaned);
    }

    private List<Unfinished> unfinished() {
        return jdbi.withHandle(handle -> handle.createQuery(UNFINISHED)
                .bindArray("ids", Long.class, open)
                .map((row, context) ->
                        new Unfinished(row.getLong("id"), Status.ofSql(row.getString("status")), row.getLong("worker")))
                .list());
    }
}
