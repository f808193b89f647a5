package dev.backops.benchmarks.peers;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.configuration.JobRunrConfiguration.JobRunrConfigurationResult;
import org.jobrunr.jobs.filters.RetryFilter;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.jackson3.Jackson3JsonMapper;

/**
 * JobRunr with a job per step, which enqueues the next one: chains of jobs are in its paid edition.
 *
 * <p>In its favour: the shortest poll that it takes, five seconds; requests instead of lambdas, whose byte code it would have
 * to read; the shortest wait before another attempt.
 */
final class JobRunrContender implements Contender {

    static final String SETTINGS =
            "16 workers, polling every 5 s, the least that it takes, and whenever a worker is free;"
                    + " job requests; a step ends with the enqueue of the next one";

    private static final int RETRIES = 10;
    private static final int BACKOFF_SEED = 1;

    private final Steps steps;
    private final JobRequestScheduler scheduler;
    private final BackgroundJobServer server;

    JobRunrContender(DataSource pool, Steps steps) {
        this.steps = steps;
        JobRunrConfigurationResult jobRunr = JobRunr.configure()
                .useJsonMapper(new Jackson3JsonMapper())
                .useStorageProvider(new PostgresStorageProvider(pool))
                .useJobActivator(new Activator())
                .withJobFilter(new RetryFilter(RETRIES, BACKOFF_SEED))
                .useBackgroundJobServer(
                        BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                                .andWorkerCount(steps.job().concurrency())
                                .andPollInterval(Duration.ofSeconds(5)),
                        /* startBackgroundJobServer= */ false)
                .initialize();
        scheduler = jobRunr.getJobRequestScheduler();
        server = jobRunr.getBackgroundJobServer();
    }

    @Override
    public void enqueue(long number) {
        scheduler.enqueue(new StepRequest(number, 1, ""));
    }

    @Override
    public void enqueueAll(long first, int count, Duration delay) {
        if (delay.isZero()) {
            scheduler.enqueue(
                    LongStream.range(first, first + count).mapToObj(number -> new StepRequest(number, 1, "")));
        } else {
            Instant due = Instant.now().plus(delay);
            LongStream.range(first, first + count)
                    .forEach(number -> scheduler.schedule(due, new StepRequest(number, 1, "")));
        }
    }

    @Override
    public void start() {
        server.start();
    }

    @Override
    public String pending() {
        return "jobrunr_jobs WHERE state IN ('AWAITING', 'SCHEDULED', 'ENQUEUED', 'PROCESSING', 'FAILED', 'DELETED')";
    }

    @Override
    public String recorded() {
        return "jobrunr_jobs WHERE state = 'SUCCEEDED'";
    }

    @Override
    public void close() {
        JobRunr.destroy();
    }

    private void run(StepRequest request) throws InterruptedException {
        String output = steps.run(request.number(), request.step());
        if (request.step() < steps.job().steps()) {
            scheduler.enqueue(new StepRequest(request.number(), request.step() + 1, request.outputs() + output));
        }
    }

    /** One step, with the outputs of those before it. JobRunr finds only public classes. */
    public record StepRequest(long number, int step, String outputs) implements JobRequest {

        @Override
        public Class<Handler> getJobRequestHandler() {
            return Handler.class;
        }
    }

    /** Bound to the contender whose steps it runs. */
    public static final class Handler implements JobRequestHandler<StepRequest> {

        private final JobRunrContender contender;

        Handler(JobRunrContender contender) {
            this.contender = contender;
        }

        @Override
        public void run(StepRequest request) throws Exception {
            contender.run(request);
        }
    }

    private final class Activator implements JobActivator {

        @Override
        public <T> T activateJob(Class<T> type) {
            return type.cast(new Handler(JobRunrContender.this));
        }
    }
}
