package dev.backops.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backops.BackOpsConfig;
import dev.backops.annotation.KeyScope;
import dev.backops.annotation.Priority;
import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.RetryPolicy;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Types;
import dev.backops.internal.store.EnqueueOptions;
import dev.backops.internal.store.NewOperation;
import dev.backops.internal.store.StepTransaction;
import dev.backops.testkit.Order;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineTest {

    private static final BackOpsConfig CONFIG = new BackOpsConfig(
            "backops", 4, Map.of(), Tables.LEASE, Duration.ofMillis(100), false, Duration.ofSeconds(5), Map.of());

    private static final Duration LONG = Duration.ofSeconds(30);

    @RegisterExtension
    final TestDatabase testDatabase = TestDatabase.withTables();

    private final Tables tables = new Tables(testDatabase);

    /** The first thread is for a claimed operation, those behind it are for the next steps of that. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void operation_forWhoseStepThereIsNoThread_goesBackAndOnAgain(int missing) {
        AtomicInteger asked = new AtomicInteger();
        ThreadFactory real = Threads.forSteps("step-");
        Engine engine = engine(
                CONFIG,
                task -> {
                    if (asked.incrementAndGet() == missing) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    return real.newThread(task);
                },
                Clock.systemUTC());
        engine.register(Order.steps(new Order.Steps() {}));
        long id = tables.add();
        engine.start();
        try {
            await().atMost(Duration.ofSeconds(30)).until(() -> tables.work(id) == null);

            assertThat(tables.numbers("SELECT attempts FROM backops.step")).containsExactly(1L, 1L, 1L);
            assertThat(tables.number("SELECT count(*) FROM backops.failure")).isZero();
            assertThat(asked).hasValueGreaterThan(missing);
        } finally {
            engine.stop();
        }
    }

    /** One clock is an hour ahead, the other one an hour behind; and again and again somebody sets each to the other's time. */
    @Test
    void clocks_thatAreHoursApartAndAreSet_changeNothing() throws Exception {
        Field<Instant> due = Field.required("due", Types.INSTANT);
        OperationDefinition definition = OperationDefinition.named("clocks")
                .step(StepDefinition.named("plan").outputs(due).retry(RetryPolicy.of(2, "PT0.2S", 1, "PT1S", 0)))
                .step(StepDefinition.named("wait").delay("PT0.2S"))
                .step(StepDefinition.named("meet").at("due"));
        OperationSteps steps = OperationSteps.of(definition)
                .step("plan", (values, run) -> {
                    if (run.attempt() == 1) {
                        throw new IllegalStateException("Not on the first attempt");
                    }
                    return StepResult.of(due, Instant.now().plusMillis(400));
                })
                .step("wait", (values, run) -> StepResult.none())
                .step("meet", (values, run) -> StepResult.none());
        BackOpsConfig config = new BackOpsConfig(
                "backops",
                4,
                Map.of(),
                Duration.ofSeconds(3),
                Duration.ofMillis(100),
                false,
                Duration.ofSeconds(5),
                Map.of());
        AtomicInteger ahead = new AtomicInteger(1);
        AtomicInteger behind = new AtomicInteger(-1);
        List<Engine> engines = List.of(
                engine(config, Threads.forSteps("ahead-"), wrong(ahead)),
                engine(config, Threads.forSteps("behind-"), wrong(behind)));
        int rounds = 5;
        int each = 20;
        try {
            for (Engine engine : engines) {
                engine.register(steps);
                engine.start();
            }
            int id = new DefinitionIds(tables.database(), Tables.STORES.definitions()).of(definition);
            EnqueueOptions soon = new EnqueueOptions(
                    id,
                    "clocks",
                    "plan",
                    Duration.ZERO,
                    "default",
                    KeyScope.FOREVER,
                    Priority.NORMAL,
                    null,
                    Duration.ofMillis(100));
            for (int round = 0; round < rounds; round++) {
                List<NewOperation> operations = Collections.nCopies(each, new NewOperation(soon, "{}", null, null));
                tables.database()
                        .inTransaction(handle -> Tables.STORES.operations().enqueue(handle, operations));
                await().atMost(LONG).until(() -> tables.number("SELECT count(*) FROM backops.work") == 0);
                ahead.set(behind.getAndSet(ahead.get()));
            }
        } finally {
            engines.forEach(Engine::stop);
        }

        assertThat(tables.number("SELECT count(*) FROM backops.operation WHERE outcome = 'completed'"))
                .isEqualTo((long) rounds * each);
        assertThat(tables.number("SELECT count(*) FROM backops.step")).isEqualTo(3L * rounds * each);
        assertThat(tables.number("SELECT count(*) FROM backops.failure")).isEqualTo((long) rounds * each);
        assertThat(tables.number("SELECT count(DISTINCT worker) FROM backops.step"))
                .as("processes, and each with one lease all the time")
                .isEqualTo(2);
        assertThat(tables.number("""
                SELECT count(*) FROM backops.step s
                CROSS JOIN LATERAL (
                  SELECT CASE s.name WHEN 'meet' THEN (p.outputs ->> 'due')::timestamptz ELSE p.finished_at + interval '0.2 s' END
                  FROM backops.step p
                  WHERE p.operation_id = s.operation_id AND p.name = 'plan') AS planned (at)
                WHERE s.name <> 'plan' AND s.started_at NOT BETWEEN planned.at AND planned.at + interval '3 s'
                """))
                .as("steps that did not start when they were due")
                .isZero();
    }

    private Engine engine(BackOpsConfig config, ThreadFactory factory, Clock clock) {
        return new Engine(
                config,
                tables.database(),
                tables.database(),
                StepTransaction.prepared(tables.database().forSteps()),
                new Hooks(List.of(), List.of()),
                Tables.STORES,
                new DefinitionIds(tables.database(), Tables.STORES.definitions()),
                "installation",
                name -> factory,
                clock);
    }

    /** The time, but for some hours. */
    private static Clock wrong(AtomicInteger hours) {
        InstantSource source = () -> Instant.now().plus(Duration.ofHours(hours.get()));
        return source.withZone(ZoneOffset.UTC);
    }
}
