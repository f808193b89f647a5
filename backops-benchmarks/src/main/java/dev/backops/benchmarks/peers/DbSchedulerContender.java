package dev.backops.benchmarks.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * db-scheduler with one task instance per operation, whose data names the next step: a step ends with the one UPDATE that
 * reschedules the instance, the last one with the DELETE that removes it. It keeps nothing of what is done.
 *
 * <p>In its favour: lock-and-fetch with up to four executions per thread at hand, immediate execution, data in a few bytes
 * instead of Java's serialization, none of the indexes that only priorities and the oldest versions need.
 */
final class DbSchedulerContender implements Contender {

    static final String SETTINGS = "lock-and-fetch with 1.0 and 4.0 of 16 threads, immediate execution, polling every"
            + " 100 ms, data as text; a step ends with one UPDATE";

    private static final String SCHEMA = """
            CREATE TABLE IF NOT EXISTS scheduled_tasks (
              task_name text NOT NULL,
              task_instance text NOT NULL,
              task_data bytea,
              execution_time timestamptz NOT NULL,
              picked boolean NOT NULL,
              picked_by text,
              last_success timestamptz,
              last_failure timestamptz,
              consecutive_failures int,
              last_heartbeat timestamptz,
              version bigint NOT NULL,
              PRIMARY KEY (task_name, task_instance)
            );
            CREATE INDEX IF NOT EXISTS execution_time_idx ON scheduled_tasks (execution_time);
            CREATE INDEX IF NOT EXISTS last_heartbeat_idx ON scheduled_tasks (last_heartbeat);
            """;

    private static final Duration RETRY_AFTER = Duration.ofMillis(100);

    private final Steps steps;
    private final CustomTask<Progress> task;
    private final SchedulerClient client;
    private final Scheduler scheduler;
    private boolean started;

    DbSchedulerContender(DataSource pool, Steps steps) throws SQLException {
        this.steps = steps;
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(SCHEMA);
        }
        task = Tasks.custom("operation", Progress.class)
                .onFailure(new FailureHandler.OnFailureRetryLater<>(RETRY_AFTER))
                .execute((instance, context) -> run(instance));
        ProgressSerializer serializer = new ProgressSerializer();
        client = SchedulerClient.Builder.create(pool, task)
                .serializer(serializer)
                .build();
        scheduler = Scheduler.create(pool, task)
                .schedulerName(new SchedulerName.Fixed(UUID.randomUUID().toString()))
                .threads(steps.job().concurrency())
                .pollUsingLockAndFetch(1.0, 4.0)
                .enableImmediateExecution()
                .pollingInterval(Duration.ofMillis(100))
                .serializer(serializer)
                .failureLogging(LogLevel.OFF, /* logStackTrace= */ false)
                .build();
    }

    private CompletionHandler<Progress> run(TaskInstance<Progress> instance) {
        Progress progress = instance.getData();
        int step = progress.step();
        String output;
        try {
            output = steps.run(Long.parseLong(instance.getId()), step);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
        if (step == steps.job().steps()) {
            return new CompletionHandler.OnCompleteRemove<>();
        }
        Progress next = new Progress(step + 1, progress.outputs() + output);
        return (complete, operations) -> operations.reschedule(complete, Instant.now(), next);
    }

    @Override
    public void enqueue(long number) {
        SchedulerClient to = started ? scheduler : client;
        to.scheduleIfNotExists(instance(number), Instant.now());
    }

    @Override
    public void enqueueAll(long first, int count, Duration delay) {
        Stream<TaskInstance<?>> all = LongStream.range(first, first + count).mapToObj(this::instance);
        client.scheduleBatch(all, Instant.now().plus(delay));
    }

    private TaskInstance<Progress> instance(long number) {
        return task.instance(Long.toString(number), new Progress(1, ""));
    }

    @Override
    public void start() {
        scheduler.start();
        started = true;
    }

    @Override
    public String pending() {
        return "scheduled_tasks";
    }

    @Override
    public @Nullable String recorded() {
        return null;
    }

    @Override
    public void close() {
        scheduler.stop();
    }

    /** The next step, and the outputs of those before it. */
    record Progress(int step, String outputs) {}

    private static final class ProgressSerializer implements Serializer {

        @Override
        public byte[] serialize(Object data) {
            Progress progress = (Progress) data;
            return (progress.step() + " " + progress.outputs()).getBytes(UTF_8);
        }

        @Override
        public <T> T deserialize(Class<T> type, byte[] serialized) {
            String text = new String(serialized, UTF_8);
            int space = text.indexOf(' ');
            return type.cast(new Progress(Integer.parseInt(text.substring(0, space)), text.substring(space + 1)));
        }
    }
}
