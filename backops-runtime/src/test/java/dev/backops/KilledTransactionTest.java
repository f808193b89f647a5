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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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

/** A process that dies or freezes around a transactional step, and one that is asked to end. */
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
            assertThat(start(where, "die").waitFor()).isEqualTo(137);

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
            Process process = start("slow", "die");
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

    @ParameterizedTest
    @CsvSource({"step, aborted", "record, aborted", "commit, aborted", "committed, committed"})
    void process_freezesAroundATransactionalStep_stepTakesEffectOnce(String where, String fate) throws Exception {
        try (BackOps client = BackOps.builder(database.dataSource()).build()) {
            long id = client.client(DEFINITION).enqueue(Values::none).id();
            Process frozen = start(where, "freeze");
            try {
                await().atMost(LONG).until(() -> said().contains("in transaction "));
                String transaction = said().replaceAll("(?s).*in transaction (\\d+).*", "$1");
                try (BackOps rescuer = BackOps.builder(database.dataSource())
                        .lease(Duration.ofSeconds(3))
                        .build()) {
                    rescuer.register(steps(KilledTransactionTest::book)).start();
                    assertThat(rescuer.await(id, LONG)).isEqualTo(Status.COMPLETED);
                }

                signal(frozen, "-CONT");

                await().atMost(LONG).until(() -> said().contains("goes on under another id"));
                await().atMost(LONG)
                        .until(() -> sql.texts("SELECT pg_xact_status('" + transaction + "')")
                                .equals(List.of(fate)));
                assertBookedOnce(id);
                long later = client.client(DEFINITION).enqueue(Values::none).id();
                assertThat(client.await(later, LONG)).isEqualTo(Status.COMPLETED);
                assertBookedOnce(id);
                assertBookedOnce(later);
            } finally {
                frozen.destroyForcibly();
            }
        }
    }

    /** The work of the step and its record are of one transaction, and there is no other. */
    private void assertBookedOnce(long id) {
        assertThat(sql.number("SELECT count(*) FROM public.sale WHERE operation = ?", id))
                .isEqualTo(1);
        assertThat(sql.texts("""
                        SELECT s.name || ' ' || s.attempts || ' ' || coalesce(n.xmin = s.xmin, true)
                        FROM backops.step s LEFT JOIN public.sale n ON n.operation = s.operation_id AND s.name = 'book'
                        WHERE s.operation_id = %d ORDER BY s.seq
                        """.formatted(id))).containsExactly("book 1 true", "thank 1 true");
        assertThat(sql.number("SELECT count(*) FROM backops.failure WHERE operation_id = ?", id))
                .isZero();
    }

    private String said() throws IOException {
        return Files.readString(directory.resolve("log"));
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Starts a process that does something, to die or to freeze, at some point. */
    private Process start(String where, String what) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Worker.class.getName(),
                        database.jdbcUrl(),
                        where,
                        what)
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

    /** The process: takes the URL of the database, where something happens to it, and what. */
    static final class Worker {

        private Worker() {}

        public static void main(String... arguments) throws Exception {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(arguments[0]);
            DataSource pool = new HikariDataSource(config);
            String where = arguments[1];
            AtomicBoolean happened = new AtomicBoolean();
            Runnable happen = () -> {
                if (happened.compareAndSet(false, true)) {
                    if (arguments[2].equals("die")) {
                        Runtime.getRuntime().halt(137);
                    }
                    freeze();
                }
            };
            Interceptor interceptor = new Interceptor(pool);
            if (where.equals("record")) {
                interceptor.before("idle_in_transaction_session_timeout", happen);
            }
            BackOps backOps = BackOps.builder(pool)
                    .lease(Duration.ofSeconds(3))
                    .jdbi(Jdbi.create(interceptor.dataSource()))
                    .closeOnShutdown()
                    .build();
            backOps.register(steps((values, run, handle) -> {
                StepResult result = book(values, run, handle);
                System.out.println("in transaction "
                        + handle.select("SELECT pg_current_xact_id()")
                                .mapTo(String.class)
                                .one());
                switch (where) {
                    case "step" -> happen.run();
                    // From here on: one commit comes before the step, to begin anew with an isolation level.
                    case "commit" -> interceptor.before("COMMIT", happen);
                    case "committed" -> handle.afterCommit(happen);
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

        private static void freeze() {
            try {
                new ProcessBuilder(
                                "kill",
                                "-STOP",
                                Long.toString(ProcessHandle.current().pid()))
                        .start()
                        .waitFor();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException("Interrupted, or not frozen", e);
            }
        }
    }
}
