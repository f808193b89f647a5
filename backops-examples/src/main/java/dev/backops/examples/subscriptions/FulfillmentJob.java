package dev.backops.examples.subscriptions;

import dev.backops.BackOps;
import dev.backops.OperationInfo;
import dev.backops.RepairRefusedException;
import dev.backops.Search;
import dev.backops.Status;
import dev.backops.examples.subscriptions.simulation.FlakyGateway;
import dev.backops.examples.subscriptions.simulation.FussyMailer;
import dev.backops.examples.subscriptions.simulation.SlowAccounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fulfills the subscriptions of a file: enqueues an operation for each, waits until all have ended, and resumes those that
 * failed for a reason that is gone.
 *
 * <p>It remembers nothing itself. Whatever moment it is killed at, the next run finds in the database what is left to do.
 */
final class FulfillmentJob {

    /** Short, so that what a killed run held is soon taken over; applications do well with the default. */
    static final Duration LEASE = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(FulfillmentJob.class);

    private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);

    /** What no repetition mends: somebody has to talk to the customer. */
    private static final Set<String> EXPECTED_TO_FAIL =
            Set.of(CardDeclinedException.class.getName(), MailboxClosedException.class.getName());

    private final SubscriptionFile file;
    private final JobDatabase database;
    private final Jdbi jdbi;
    private final FlakyGateway gateway;
    private final Report report;
    private final Screen screen;
    private final StopSignal stop;

    FulfillmentJob(SubscriptionFile file, JobDatabase database, Screen screen, StopSignal stop) {
        this.file = file;
        this.database = database;
        this.jdbi = Jdbi.create(database.dataSource());
        this.gateway = FlakyGateway.open(database.dataSource());
        this.report = new Report(screen, jdbi);
        this.screen = screen;
        this.stop = stop;
    }

    /**
     * Runs the job.
     *
     * @return whether every operation ended as it should
     */
    boolean run() throws InterruptedException {
        try (BackOps backOps =
                BackOps.builder(database.dataSource()).lease(LEASE).build()) {
            return run(backOps);
        }
    }

    private boolean run(BackOps backOps) throws InterruptedException {
        FulfillmentOperation fulfillments = FulfillmentOperation.on(backOps);
        report.steps();
        Enqueuing enqueuing = new Enqueuing(fulfillments);
        try (ProgressDisplay display = screen.progress("Enqueuing", file.rows().size())) {
            enqueuing.enqueue(file.rows(), jdbi, display, stop);
        }
        report.rejected(file.name(), enqueuing.rejected());

        Set<Long> formerWorkers = OperationWatch.runningWorkers(jdbi);
        if (!formerWorkers.isEmpty()) {
            screen.print("Another run holds operations. If it was killed, its lease ends within %d s."
                    .formatted(LEASE.toSeconds()));
        }
        backOps.register(FulfillmentOperation.steps(new Fulfillment(gateway, new SlowAccounts(), new FussyMailer())));
        backOps.start();
        await("Fulfilling", enqueuing.ids(), formerWorkers);
        report.statuses();
        report.failures();
        resumeAfterOutage(backOps, fulfillments, enqueuing.ids(), formerWorkers);

        List<OperationInfo<FulfillmentContext>> failed = failed(fulfillments, enqueuing.ids());
        LedgerTotals ledger = LedgerTotals.read(jdbi);
        report.conclusion(enqueuing.ids().size(), failed, ledger);
        report.questions(enqueuing.operationOfSubscription());
        return ledger.nobodyChargedTwice() && failed.stream().allMatch(one -> EXPECTED_TO_FAIL.contains(errorOf(one)));
    }

    private void resumeAfterOutage(
            BackOps backOps, FulfillmentOperation fulfillments, Set<Long> ids, Set<Long> formerWorkers)
            throws InterruptedException {
        List<Long> failedByOutage = failed(fulfillments, ids).stream()
                .filter(one -> errorOf(one).equals(GatewayTimeoutException.class.getName()))
                .map(OperationInfo::id)
                .toList();
        if (failedByOutage.isEmpty()) {
            return;
        }
        gateway.recover();
        screen.print("\nThe gateway is back. What failed without it goes on: "
                + Screen.count(failedByOutage.size(), "operation"));
        failedByOutage.forEach(id -> resume(backOps, id));
        await("Resuming", failedByOutage, formerWorkers);
    }

    private static void resume(BackOps backOps, long id) {
        try {
            backOps.operations().resume(id);
        } catch (RepairRefusedException e) {
            log.info("Operation {} was resumed by somebody else", id);
        }
    }

    /** All that have failed: a search returns them in pages. */
    private static List<OperationInfo<FulfillmentContext>> failed(FulfillmentOperation fulfillments, Set<Long> ids) {
        List<OperationInfo<FulfillmentContext>> failed = new ArrayList<>();
        Search search = Search.of(Status.FAILED).limit(Search.MAX_LIMIT);
        List<OperationInfo<FulfillmentContext>> page = fulfillments.find(search).list();
        while (!page.isEmpty()) {
            page.stream().filter(one -> ids.contains(one.id())).forEach(failed::add);
            search = search.before(page.get(page.size() - 1));
            page = fulfillments.find(search).list();
        }
        return failed;
    }

    private static String errorOf(OperationInfo<?> operation) {
        return Objects.requireNonNullElse(operation.errorClass(), "");
    }

    private void await(String title, Collection<Long> ids, Set<Long> formerWorkers) throws InterruptedException {
        OperationWatch watch = new OperationWatch(jdbi, formerWorkers, ids);
        Progress progress = watch.look();
        if (progress.done()) {
            return;
        }
        try (ProgressDisplay display = screen.progress(title, progress.total())) {
            while (!progress.done()) {
                display.show(progress.ended(), progress.remarks());
                stop.sleep(LOOK_INTERVAL);
                progress = watch.look();
            }
            display.show(progress.ended(), progress.remarks());
        }
    }
}
