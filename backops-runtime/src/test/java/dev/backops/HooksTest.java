package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backops.codegen.OperationClient;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.RetryPolicy;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Values;
import dev.backops.testkit.Interceptor;
import dev.backops.testkit.Order;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The code of users that is called along the way. */
@Timeout(60)
class HooksTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private final List<String> heard = new CopyOnWriteArrayList<>();

    @Test
    void listener_hearsEverythingInOrder() throws Exception {
        try (BackOps backOps = started(builder().listener(new Recorder()), new Order.Steps() {
            @Override
            public void ship(String receipt, StepRun run) {
                if (run.attempt() == 1) {
                    throw new IllegalStateException("no van");
                }
            }
        })) {
            long id = Order.client(backOps).enqueue(() -> Order.params(1)).id();

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);
            assertThat(Order.client(backOps)
                            .key("k")
                            .enqueue(() -> Order.params(2))
                            .added())
                    .isTrue();
            assertThat(Order.client(backOps)
                            .key("k")
                            .enqueue(() -> Order.params(2))
                            .added())
                    .isFalse();

            await().atMost(LONG).until(() -> heard.contains("finished 2 orders.order COMPLETED"));
        }
        assertThat(heard.stream()
                        .filter(event -> event.matches("\\w+ 1 .*"))
                        .filter(event -> !event.equals("enqueued 1 orders.order")))
                .containsExactly(
                        "started 1 charge 1",
                        "step 1 charge 1",
                        "started 1 ship 1",
                        "failed 1 ship 1 java.lang.IllegalStateException no van, retry true",
                        "started 1 ship 2",
                        "step 1 ship 2",
                        "started 1 thank 1",
                        "step 1 thank 1",
                        "finished 1 orders.order COMPLETED");
        assertThat(heard).contains("enqueued 1 orders.order").containsOnlyOnce("enqueued 2 orders.order");
    }

    @Test
    void listener_hearsOfFailuresAndOfWhatPeopleEnd() throws Exception {
        try (BackOps backOps = started(builder().listener(new Recorder()), new Order.Steps() {
            @Override
            public void thank(StepRun run) {
                throw new StepAbortedException("no words");
            }
        })) {
            long failed = Order.client(backOps).enqueue(() -> Order.params(1)).id();
            assertThat(backOps.await(failed, LONG)).isEqualTo(Status.FAILED);
            backOps.operations().cancel(failed);
            long skipped = Order.client(backOps).enqueue(() -> Order.params(2)).id();
            assertThat(backOps.await(skipped, LONG)).isEqualTo(Status.FAILED);
            backOps.operations().skip(skipped, Map.of());
        }
        assertThat(heard)
                .containsSubsequence(
                        "failed 1 thank 1 dev.backops.StepAbortedException no words, retry false",
                        "failed 1 orders.order",
                        "cancelled 1 orders.order",
                        "failed 2 orders.order",
                        "finished 2 orders.order COMPLETED");
    }

    @Test
    void listener_hearsOfEnqueuesOnceTheyAreCommitted() {
        List<Enqueued> committed = new ArrayList<>();
        try (BackOps backOps = builder().listener(new Recorder()).build();
                Handle handle = database.jdbi().open()) {
            OperationClient orders = Order.client(backOps);
            handle.begin();
            orders.in(handle).enqueue(() -> Order.params(1));
            handle.rollback();
            handle.begin();
            Enqueued last = orders.in(handle).enqueue(() -> Order.params(2));
            committed.add(orders.enqueue(() -> Order.params(3)));
            committed.addAll(orders.enqueueAll(List.of(4L, 5L), Order::params));
            handle.commit();
            committed.add(last);
        }
        assertThat(heard)
                .containsExactlyElementsOf(committed.stream()
                        .map(one -> "enqueued " + one.id() + " orders.order")
                        .toList());
    }

    /** The listeners' thread is behind: what it looks up then must not be what others tell anyway. */
    @Test
    void listener_hearsOfEachCancelOnce() throws Exception {
        CountDownLatch entered = new CountDownLatch(2);
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch behind = new CountDownLatch(1);
        OperationListener slow = new OperationListener() {
            @Override
            public void stepStarted(StepEvent step) {
                behind.countDown();
                awaitQuietly(released);
            }
        };
        List<Long> cancelled = new ArrayList<>();
        CountDownLatch told = new CountDownLatch(1);
        try (BackOps backOps = started(builder().listener(slow).listener(new Recorder()), new Order.Steps() {
            @Override
            public Order.Charge charge(long number, StepRun run) throws Exception {
                entered.countDown();
                told.await();
                return new Order.Charge("r", null);
            }
        })) {
            OperationClient later = Order.client(backOps).after(Duration.ofHours(1));
            long running = Order.client(backOps).enqueue(() -> Order.params(1)).id();
            long runningToo =
                    Order.client(backOps).enqueue(() -> Order.params(2)).id();
            long waiting = later.enqueue(() -> Order.params(3)).id();
            entered.await();
            behind.await();

            assertThat(backOps.operations().cancel(running)).isFalse();
            assertThat(backOps.operations().cancel(waiting)).isTrue();
            long waitingToo = later.enqueue(() -> Order.params(4)).id();
            assertThat(backOps.operations().repair(Search.all()).cancel().repaired())
                    .containsOnly(
                            Map.entry(running, new Ahead(List.of("charge"), List.of())),
                            Map.entry(runningToo, new Ahead(List.of("charge"), List.of())),
                            Map.entry(waitingToo, new Ahead(List.of(), List.of())));
            told.countDown();
            assertThat(backOps.await(running, LONG)).isEqualTo(Status.CANCELLED);
            assertThat(backOps.await(runningToo, LONG)).isEqualTo(Status.CANCELLED);
            released.countDown();
            cancelled.addAll(List.of(running, runningToo, waiting, waitingToo));
        }
        assertThat(heard)
                .filteredOn(event -> event.startsWith("cancelled"))
                .containsExactlyInAnyOrderElementsOf(cancelled.stream()
                        .map(id -> "cancelled " + id + " orders.order")
                        .toList());
    }

    @Test
    void listener_hearsOfACancelThatTheStopObeys() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        try (BackOps backOps =
                started(builder().gracePeriod(Duration.ZERO).listener(new Recorder()), new Order.Steps() {
                    @Override
                    public void ship(String receipt, StepRun run) throws Exception {
                        entered.countDown();
                        new CountDownLatch(1).await();
                    }
                })) {
            long id = Order.client(backOps).enqueue(() -> Order.params(1)).id();
            entered.await();
            assertThat(backOps.operations().cancel(id)).isFalse();
        }
        assertThat(heard).containsOnlyOnce("cancelled 1 orders.order");
    }

    @Test
    void listener_hearsOfACancelOfWhatIsHandedBackSinceItIsPaused() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Sql sql = new Sql(database.dataSource());
        Interceptor interceptor = new Interceptor(database.dataSource());
        BackOps.Builder builder = BackOps.builder(interceptor.dataSource())
                .lease(Duration.ofSeconds(3))
                .listener(new Recorder());
        try (BackOps backOps = started(builder, new Order.Steps() {
            @Override
            public Order.Charge charge(long number, StepRun run) throws Exception {
                entered.countDown();
                released.await();
                return new Order.Charge("r", null);
            }
        })) {
            long id = Order.client(backOps).enqueue(() -> Order.params(1)).id();
            entered.await();
            backOps.operations().pauseName("orders.order");
            // What puts this one aside has heard of the pause then.
            long other = Order.client(backOps).enqueue(() -> Order.params(2)).id();
            await().atMost(LONG)
                    .until(() -> sql.text("SELECT state FROM backops.work WHERE operation_id = ?", other)
                            .equals("waiting"));
            interceptor.before("ON w.operation_id = ANY(ARRAY[t.id]) AND w.token = t.token", () -> {
                assertThat(backOps.operations().cancel(id)).isFalse();
            });
            released.countDown();
            await().atMost(LONG).until(() -> heard.contains("cancelled " + id + " orders.order"));
        }
        assertThat(heard).containsOnlyOnce("cancelled 1 orders.order").doesNotContain("started 1 ship 1");
    }

    @Test
    void hooks_ofATransactionalStep_andOfTheWayBack() throws Exception {
        Sql sql = new Sql(database.dataSource());
        sql.execute("CREATE TABLE public.sale ()");
        OperationDefinition sale = OperationDefinition.named("till.sale")
                .step(StepDefinition.named("book").transactional().retry(RetryPolicy.of(2, "PT0.01S", 1, "PT1S", 0)))
                .step(StepDefinition.named("send").onFailure("undo"))
                .step(StepDefinition.named("refund").branch("undo"));
        StepInterceptor unsure = (run, step) -> {
            step.call();
            if (run.step().equals("book")) {
                // In the transaction, which is not committed yet.
                assertThat(sql.number("SELECT count(*) FROM public.sale")).isZero();
                if (run.attempt() == 1) {
                    throw new IllegalStateException("no paper");
                }
            }
        };
        try (BackOps backOps =
                builder().listener(new Recorder()).interceptor(unsure).build()) {
            backOps.register(OperationSteps.of(sale)
                    .transactionalStep("book", (values, run, handle) -> {
                        handle.execute("INSERT INTO public.sale DEFAULT VALUES");
                        return StepResult.none();
                    })
                    .step("send", (values, run) -> {
                        throw new StepAbortedException("no van");
                    })
                    .step("refund", (values, run) -> StepResult.none()));
            backOps.start();
            long id = backOps.client(sale).enqueue(Values::none).id();
            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPENSATED);
        }
        assertThat(sql.number("SELECT count(*) FROM public.sale")).isEqualTo(1);
        assertThat(heard)
                .filteredOn(event -> !event.startsWith("enqueued"))
                .containsExactly(
                        "started 1 book 1",
                        "failed 1 book 1 java.lang.IllegalStateException no paper, retry true",
                        "started 1 book 2",
                        "step 1 book 2",
                        "started 1 send 1",
                        "failed 1 send 1 dev.backops.StepAbortedException no van, retry false",
                        "started 1 refund 1",
                        "step 1 refund 1",
                        "finished 1 till.sale COMPENSATED");
    }

    @Test
    void listener_ofAProcessThatOnlyEnqueues_hasHeardEverythingAtTheClose() {
        OperationListener slow = new OperationListener() {
            @Override
            public void enqueued(long id, String operation) {
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                heard.add("enqueued " + id);
            }
        };
        BackOps backOps = builder().listener(slow).build();
        for (int i = 0; i < 10; i++) {
            Order.client(backOps).enqueue(() -> Order.params(1));
        }

        backOps.close();
        backOps.close();

        assertThat(heard).hasSize(10);
    }

    @Test
    void listener_thatThrowsOrHangs_harmsNobody() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        OperationListener throwing = new OperationListener() {
            @Override
            public void stepStarted(StepEvent step) {
                throw new AssertionError("on purpose");
            }
        };
        OperationListener slow = new OperationListener() {
            @Override
            public void operationFinished(long operationId, String operation, Status outcome) {
                try {
                    hanging.await(30, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    heard.add("interrupted");
                }
            }
        };
        try (BackOps backOps =
                started(builder().listener(throwing).listener(slow).listener(new Recorder()), new Order.Steps() {})) {
            for (int i = 1; i <= 3; i++) {
                long id = Order.client(backOps).enqueue(() -> Order.params(1)).id();
                assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);
            }
            hanging.countDown();
        }
        assertThat(heard).contains("finished 1 orders.order COMPLETED", "finished 3 orders.order COMPLETED");
    }

    @Test
    void interceptors_encloseEachOtherAndEveryCall() throws Exception {
        StepInterceptor outer = (run, step) -> {
            heard.add("outer " + run.operation() + " " + run.step() + " " + run.attempt());
            try {
                step.call();
            } finally {
                heard.add("end");
            }
        };
        StepInterceptor inner = (run, step) -> {
            heard.add("inner");
            step.call();
        };
        try (BackOps backOps = started(builder().interceptor(outer).interceptor(inner), new Order.Steps() {
            @Override
            public Order.Charge charge(long number, StepRun run) {
                heard.add("charge");
                return new Order.Charge("r", null);
            }
        })) {
            long id = Order.client(backOps).enqueue(() -> Order.params(1)).id();
            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);
        }
        assertThat(heard.subList(0, 5))
                .containsExactly("outer orders.order charge 1", "inner", "charge", "end", "outer orders.order ship 1");
    }

    @Test
    void interceptor_thatDoesNotCallTheStep_failsTheAttempt() throws Exception {
        assertThat(failureBehind((run, step) -> {})).contains("did not call its step");
    }

    @Test
    void interceptor_thatCallsTheStepTwice_failsTheAttempt() throws Exception {
        assertThat(failureBehind((run, step) -> {
                    step.call();
                    step.call();
                }))
                .contains("only once");
    }

    @Test
    void interceptor_thatThrows_failsTheAttempt() throws Exception {
        assertThat(failureBehind((run, step) -> {
                    throw new IllegalStateException("no tenant");
                }))
                .isEqualTo("no tenant");
    }

    @Test
    void interceptor_cannotSwallowWhatTheStepThrows() throws Exception {
        try (BackOps backOps = started(
                builder().interceptor((run, step) -> {
                    try {
                        step.call();
                    } catch (IllegalStateException e) {
                        heard.add("swallowed");
                    }
                }),
                new Order.Steps() {
                    @Override
                    public Order.Charge charge(long number, StepRun run) {
                        throw new IllegalStateException("declined");
                    }
                })) {
            long id = Order.client(backOps).enqueue(() -> Order.params(1)).id();
            assertThat(backOps.await(id, LONG)).isEqualTo(Status.FAILED);
            assertThat(backOps.operations().failures(id).get(0).message()).isEqualTo("declined");
        }
        assertThat(heard).contains("swallowed");
    }

    private String failureBehind(StepInterceptor interceptor) throws Exception {
        try (BackOps backOps = started(builder().interceptor(interceptor), new Order.Steps() {})) {
            long id = Order.client(backOps).enqueue(() -> Order.params(1)).id();
            assertThat(backOps.await(id, LONG)).isEqualTo(Status.FAILED);
            return String.valueOf(backOps.operations().failures(id).get(0).message());
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private BackOps.Builder builder() {
        return BackOps.builder(database.dataSource()).pollInterval(Duration.ofMillis(50));
    }

    private static BackOps started(BackOps.Builder builder, Order.Steps steps) {
        BackOps backOps = builder.build();
        backOps.register(Order.steps(steps));
        backOps.start();
        return backOps;
    }

    private final class Recorder implements OperationListener {

        @Override
        public void enqueued(long operationId, String operation) {
            heard.add("enqueued " + operationId + " " + operation);
        }

        @Override
        public void stepStarted(StepEvent step) {
            heard.add("started " + text(step));
        }

        @Override
        public void stepFinished(StepEvent step, Duration took) {
            assertThat(took).isBetween(Duration.ZERO, LONG);
            heard.add("step " + text(step));
        }

        @Override
        public void stepFailed(StepEvent step, StepFailure failure) {
            heard.add("failed " + text(step) + " " + failure.errorClass() + " " + failure.message() + ", retry "
                    + failure.retryIn().isPresent());
        }

        @Override
        public void operationFinished(long operationId, String operation, Status outcome) {
            heard.add("finished " + operationId + " " + operation + " " + outcome.name());
        }

        @Override
        public void operationFailed(long operationId, String operation) {
            heard.add("failed " + operationId + " " + operation);
        }

        @Override
        public void operationCancelled(long operationId, String operation) {
            heard.add("cancelled " + operationId + " " + operation);
        }

        private String text(StepEvent step) {
            return step.operationId() + " " + step.step() + " " + step.attempt();
        }
    }
}
