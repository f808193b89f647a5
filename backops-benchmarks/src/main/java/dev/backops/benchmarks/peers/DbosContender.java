package dev.backops.benchmarks.peers;

import dev.dbos.transact.DBOS;
import dev.dbos.transact.DBOSClient;
import dev.dbos.transact.DBOSClient.EnqueueOptions;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.migrations.MigrationManager;
import dev.dbos.transact.txstep.JdbcStepFactory;
import dev.dbos.transact.txstep.JdbcStepFactory.TransactionalRunnable;
import dev.dbos.transact.workflow.Queue;
import dev.dbos.transact.workflow.StepOptions;
import dev.dbos.transact.workflow.Workflow;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * DBOS Transact with a workflow of steps. Direct: it runs in the process that calls, at once. Queued: through a queue in the
 * database, so that any process may run it.
 *
 * <p>In its favour: the queue is polled a hundred times more often than by default, without the limits that need a stricter
 * isolation level; enqueues go through its client, which adds no work of its own. It has no way to enqueue in bulk, so that
 * many threads do it.
 */
final class DbosContender implements Contender {

    static final String DIRECT = "started from 16 threads of the process that runs them, which has 50 threads per core";

    static final String QUEUED =
            "queue polled every 10 ms, at most 100 workflows at a time in a process, no other limit";

    private static final String VERSION = "1";
    private static final int STARTING_THREADS = 16;
    private static final int RUNNING = 100;
    private static final StepOptions RETRIED =
            new StepOptions("step").withMaxAttempts(10).withRetryInterval(Duration.ofMillis(100));

    private final Steps steps;
    private final boolean queued;
    private final DBOS dbos;
    private final DBOSClient client;
    private final Flow flow;
    private final @Nullable JdbcStepFactory inside;

    DbosContender(DataSource pool, Steps steps, boolean queued) {
        this.steps = steps;
        this.queued = queued;
        DBOSConfig config = DBOSConfig.defaults("benchmark")
                .withDataSource(pool)
                .withAppVersion(VERSION)
                .withExecutorId(UUID.randomUUID().toString());
        MigrationManager.runMigrations(config);
        dbos = new DBOS(config);
        dbos.registerQueue(
                new Queue("operations").withWorkerConcurrency(RUNNING).withPollingInterval(Duration.ofMillis(10)));
        flow = dbos.registerProxy(Flow.class, new StepsFlow());
        inside = steps.job() == Job.TRANSACTIONAL ? new JdbcStepFactory(dbos, pool) : null;
        client = new DBOSClient(pool);
    }

    @Override
    public void enqueue(long number) {
        enqueue(number, Duration.ZERO);
    }

    @Override
    public void enqueueAll(long first, int count, Duration delay) {
        InParallel.forEach(STARTING_THREADS, first, count, number -> enqueue(number, delay));
    }

    private void enqueue(long number, Duration delay) {
        if (queued) {
            EnqueueOptions options = new EnqueueOptions("run", "operations")
                    .withClassName(StepsFlow.class.getName())
                    .withAppVersion(VERSION)
                    .withDelay(delay.isZero() ? null : delay);
            client.enqueueWorkflow(options, new Object[] {number});
        } else {
            dbos.startWorkflow(() -> flow.run(number));
        }
    }

    @Override
    public void start() {
        dbos.launch();
    }

    @Override
    public String pending() {
        return "dbos.workflow_status WHERE status IN ('ENQUEUED', 'DELAYED', 'PENDING', 'ERROR', 'CANCELLED')";
    }

    @Override
    public String recorded() {
        return "dbos.operation_outputs WHERE error IS NULL";
    }

    @Override
    public void close() {
        dbos.close();
        client.close();
    }

    /** What DBOS puts its proxy in front of. */
    interface Flow {
        void run(long number) throws Exception;
    }

    private final class StepsFlow implements Flow {

        @Override
        @Workflow(name = "run")
        public void run(long number) throws Exception {
            for (int i = 1; i <= steps.job().steps(); i++) {
                int step = i;
                if (inside == null) {
                    dbos.runStep(() -> steps.run(number, step), RETRIED);
                } else {
                    TransactionalRunnable<Exception> body = connection -> steps.run(number, step, connection);
                    inside.txStep(body, "step");
                }
            }
        }
    }
}
