package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Types;
import dev.backops.codegen.Values;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(120)
class QueuesTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Field<Long> NUMBER = Field.required("number", Types.LONG);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    /** How many steps run now, and the most there ever were, by operation. */
    private final Map<String, AtomicInteger> running = new ConcurrentHashMap<>();

    private final Map<String, Integer> most = new ConcurrentHashMap<>();

    @Test
    void queueOfItsOwn_runsSoManyStepsAndNoMore_whateverTheOthersDo() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        OperationDefinition bill = definition("bill", "billing");
        OperationDefinition mail = definition("mail", "mail");
        OperationDefinition plain = definition("plain", OperationDefinition.DEFAULT_QUEUE);
        try (BackOps backOps = BackOps.builder(database.dataSource())
                .concurrency(3)
                .queue("billing", 2)
                .build()) {
            backOps.register(steps(bill, end))
                    .register(steps(mail, end))
                    .register(steps(plain, end))
                    .start();
            enqueue(backOps, bill, 20);
            await().atMost(LONG).until(() -> runningNow("bill") == 2);

            // A queue that is full leaves the others their threads, and they share them.
            enqueue(backOps, mail, 20);
            await().atMost(LONG).until(() -> runningNow("mail") == 3);
            enqueue(backOps, plain, 20);

            end.countDown();
            await().atMost(LONG)
                    .until(() -> backOps.operations()
                                    .list(Search.of(Status.COMPLETED))
                                    .size()
                            == 60);
            assertThat(most.get("bill")).isEqualTo(2);
        }
    }

    @Test
    void queueLeftToOthers_isRunByThem() {
        OperationDefinition bill = definition("bill", "billing");
        CountDownLatch none = new CountDownLatch(0);
        try (BackOps without = BackOps.builder(database.dataSource())
                        .queue("billing", 0)
                        .build();
                BackOps with = BackOps.builder(database.dataSource()).build()) {
            without.register(steps(bill, none)).start();
            enqueue(without, bill, 5);
            assertThat(new Sql(database.dataSource()).texts("SELECT DISTINCT queue || ' ' || state FROM backops.work"))
                    .containsExactly("billing ready");

            with.register(steps(bill, none)).start();

            await().atMost(LONG)
                    .until(() ->
                            with.operations().list(Search.of(Status.COMPLETED)).size() == 5);
        }
        assertThat(new Sql(database.dataSource()).number("SELECT count(DISTINCT worker) FROM backops.step"))
                .isEqualTo(1);
    }

    @Test
    void queueThatEveryLivingProcessLeavesToOthers_isTheReason() {
        OperationDefinition bill = definition("bill", "billing");
        Sql sql = new Sql(database.dataSource());
        try (BackOps backOps = BackOps.builder(database.dataSource())
                .queue("billing", 0)
                .queue("mail", 1)
                .build()) {
            backOps.register(steps(bill, new CountDownLatch(0))).start();
            enqueue(backOps, bill, 1);
            String reasons = "SELECT reason FROM backops.unfinished UNION ALL SELECT reason FROM backops.operations";

            assertThat(sql.texts(reasons)).containsOnly("no live worker serves queue billing");

            sql.execute(
                    "INSERT INTO backops.worker (id, host, pid, lease_end, lease, definitions) SELECT 1, 'there', 1,"
                            + " now() + interval '1 minute', interval '1 minute', definitions FROM backops.worker");
            assertThat(sql.texts(reasons)).containsOnlyNulls();

            sql.execute("UPDATE backops.worker SET definitions = '{}' WHERE id = 1");
            assertThat(sql.texts(reasons)).containsOnly("no live worker serves queue billing");
        }
    }

    @Test
    void workOfAQueueThatNoCodeNamesAnyLonger_isDone() {
        try (BackOps before = BackOps.builder(database.dataSource()).build();
                BackOps after = BackOps.builder(database.dataSource()).build()) {
            enqueue(before, definition("bill", "billing"), 3);

            after.register(steps(definition("bill", "money"), new CountDownLatch(0)))
                    .start();

            await().atMost(LONG)
                    .until(() ->
                            after.operations().list(Search.of(Status.COMPLETED)).size() == 3);
        }
    }

    @Test
    void settingsOutOfRange_areRefused() {
        assertThatThrownBy(() -> BackOps.builder(database.dataSource())
                        .queue("billing", -1)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("queue(\"billing\", …) must be from 0 to 10000 steps at a time, but is -1");
        assertThatThrownBy(() -> BackOps.builder(database.dataSource())
                        .queue("two words", 1)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "queue \"two words\" must have 1 to 200 characters, letters from a to z, digits, _, - and .,"
                                + " and begin with a letter");
    }

    private static OperationDefinition definition(String name, String queue) {
        return OperationDefinition.named(name)
                .params(NUMBER)
                .step(StepDefinition.named("send"))
                .queue(queue);
    }

    private OperationSteps steps(OperationDefinition definition, CountDownLatch end) {
        return OperationSteps.of(definition).step("send", (values, run) -> {
            AtomicInteger now = running.computeIfAbsent(definition.name(), unseen -> new AtomicInteger());
            most.merge(definition.name(), now.incrementAndGet(), Math::max);
            end.await();
            now.decrementAndGet();
            return StepResult.none();
        });
    }

    private int runningNow(String name) {
        return running.getOrDefault(name, new AtomicInteger()).get();
    }

    private static void enqueue(BackOps backOps, OperationDefinition definition, int count) {
        List<Long> numbers = new ArrayList<>(LongStream.range(0, count).boxed().toList());
        backOps.client(definition).enqueueAll(numbers, number -> Values.of(NUMBER, number));
    }
}
