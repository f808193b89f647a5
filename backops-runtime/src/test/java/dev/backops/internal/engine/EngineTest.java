package dev.backops.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backops.BackOpsConfig;
import dev.backops.internal.store.StepTransaction;
import dev.backops.testkit.Order;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineTest {

    private static final BackOpsConfig CONFIG = new BackOpsConfig(
            "backops", 4, Map.of(), Tables.LEASE, Duration.ofMillis(100), false, Duration.ofSeconds(5), Map.of());

    @RegisterExtension
    final TestDatabase testDatabase = TestDatabase.withTables();

    private final Tables tables = new Tables(testDatabase);

    /** The first thread is for a claimed operation, those behind it are for the next steps of that. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void operation_forWhoseStepThereIsNoThread_goesBackAndOnAgain(int missing) {
        AtomicInteger asked = new AtomicInteger();
        ThreadFactory real = Threads.forSteps("step-");
        Engine engine = engine(task -> {
            if (asked.incrementAndGet() == missing) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return real.newThread(task);
        });
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

    private Engine engine(ThreadFactory factory) {
        return new Engine(
                CONFIG,
                tables.database(),
                tables.database(),
                StepTransaction.prepared(tables.database().forSteps()),
                new Hooks(List.of(), List.of()),
                Tables.STORES,
                new DefinitionIds(tables.database(), Tables.STORES.definitions()),
                "installation",
                name -> factory);
    }
}
