package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.TransactionalStepBody;
import dev.backops.codegen.Values;
import dev.backops.testkit.Interceptor;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process that dies around a transactional step, and one that is asked to end. */
@Timeout(120)
class KilledTransactionTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static final OperationDefinition DEFINITION = OperationDefinition.named("till.sale")
            .step(StepDefinition.named("book").transactional())
            .step(StepDefinition.named("thank"));

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    @TempDir
    Path directory;

    private Sql sql;

    @BeforeEach
    void createTables() {
        sql = new Sql(database.dataSource());
        sql.execute("CREATE TABLE public.sale (operation bigint)");
        // Counts calls whether they are committed or not.
        sql.execute("CREATE SEQUENCE public.calls");
    }

    @ParameterizedTest
    @CsvSource({"step, 2", "record, 2", "commit, 2", "committed, 1"})
    void process_diesAroundATransactionalStep_stepTakesEffectOnce(String where, int calls) throws Exception {
        List<Long> rescued = new CopyOnWriteArrayList<>();
        OperationListener listener = new OperationListener() {
            @Override
            public void operationRescued(long operationId, String operation) {
                rescued.add(operationId);
            }
        };
        try (BackOps backOps = BackOps.builder(database.dataSource())
                .lease(Duration.ofSeconds(3))
                .listener(listener)
                .build()) {
            long id = backOps.client(DEFINITION).enqueue(Values::none).id();
            assertThat(start(where).waitFor()).isEqualTo(137);

            backOps.register(steps(KilledTransactionTest::book));
            backOps.start();

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);
            assertThat(sql.number("SELECT count(*) FROM public.sale")).isEqualTo(1);
            assertThat(sql.number("SELECT last_value FROM public.calls")).isEqualTo(calls);
            assertThat(backOps.operations().failures(id)).isEmpty();
            await().atMost(LONG).untilAsserted(() -> assertThat(rescued).containsExactly(id));
        }
    }

    @Test
    void process_thatIsAskedToEnd_letsItsStepEndAndGivesTheRestBack() throws Exception {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            backOps.client(DEFINITION).enqueue(Values::none);
            Process process = start("slow");
            await().atMost(LONG)
                    .until(() -> sql.number("SELECT count(*) FROM backops.work WHERE state = 'running'") == 1
                            && sql.number("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%'") > 1);

            process.destroy();

            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(143);
            assertThat(sql.number("SELECT count(*) FROM public.sale")).isEqualTo(1);
            assertThat(sql.number("SELECT count(*) FROM backops.worker")).isZero();
            assertThat(sql.number("SELECT count(*) FROM backops.work WHERE state = 'running'"))
                    .isZero();
        }
    }

    private Process start(String mode) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Worker.class.getName(),
                        database.jdbcUrl(),
                        mode)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private static StepResult book(Values values, StepRun run, Handle handle) {
        handle.select("SELECT nextval('public.calls')").mapTo(Long.class).one();
        handle.execute("INSERT INTO public.sale VALUES (?)", run.operationId());
        return StepResult.none();
    }

    private static OperationSteps steps(TransactionalStepBody book) {
        return OperationSteps.of(DEFINITION)
                .transactionalStep("book", book)
                .step("thank", (values, run) -> StepResult.none());
    }

    /** The process: takes the URL of the database, and where to die. */
    static final class Worker {

        private Worker() {}

        public static void main(String... arguments) throws Exception {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(arguments[0]);
            DataSource pool = new HikariDataSource(config);
            String mode = arguments[1];
            Interceptor interceptor = new Interceptor(pool);
            if (mode.equals("record")) {
                interceptor.before("idle_in_transaction_session_timeout", Worker::die);
            }
            BackOps backOps = BackOps.builder(pool)
                    .lease(Duration.ofSeconds(3))
                    .jdbi(Jdbi.create(interceptor.dataSource()))
                    .closeOnShutdown()
                    .build();
            backOps.register(steps((values, run, handle) -> {
                StepResult result = book(values, run, handle);
                switch (mode) {
                    case "step" -> die();
                    // From here on: one commit comes before the step, to begin anew with an isolation level.
                    case "commit" -> interceptor.before("COMMIT", Worker::die);
                    case "committed" -> handle.afterCommit(Worker::die);
                    case "slow" ->
                        handle.select("SELECT pg_sleep(2)").mapTo(String.class).findOne();
                    default -> {
                        return result;
                    }
                }
                return result;
            }));
            backOps.start();
            Thread.sleep(Duration.ofMinutes(2).toMillis());
        }

        private static void die() {
            Runtime.getRuntime().halt(137);
        }
    }
}
