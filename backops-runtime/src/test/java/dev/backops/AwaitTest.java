package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.backops.testkit.Order;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AwaitTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private final CountDownLatch goOn = new CountDownLatch(1);

    @Test
    void completedHere_isSeenByAllWhoWaitAtOnce() throws Exception {
        try (BackOps backOps = started(waiting())) {
            Enqueued one = Order.client(backOps).enqueue(() -> Order.params(1));
            List<CompletableFuture<Status>> waiters = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                // For as good as ever, as people write it.
                waiters.add(inBackground(backOps, one, Duration.ofSeconds(Long.MAX_VALUE)));
            }
            await().atMost(LONG)
                    .until(
                            () -> backOps.operations().status(one.id()),
                            status -> status.orElseThrow() == Status.RUNNING);
            goOn.countDown();
            for (CompletableFuture<Status> waiter : waiters) {
                assertThat(waiter.get(60, TimeUnit.SECONDS)).isEqualTo(Status.COMPLETED);
            }
            assertThat(backOps.await(one.id(), Duration.ZERO)).isEqualTo(Status.COMPLETED);
        }
    }

    @Test
    void failed_isAnEnd() throws Exception {
        try (BackOps backOps = started(new Order.Steps() {
            @Override
            public void ship(String receipt, StepRun run) {
                throw new StepAbortedException("no van");
            }
        })) {
            Enqueued one = Order.client(backOps).enqueue(() -> Order.params(1));

            assertThat(backOps.await(one.id(), LONG)).isEqualTo(Status.FAILED);
        }
    }

    @Test
    void unknownId_isSaid() {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            assertThatThrownBy(() -> backOps.await(4711, LONG))
                    .isInstanceOf(OperationNotFoundException.class)
                    .hasMessageContaining("4711");
        }
    }

    @Test
    void timeOver_saysWhereItStands() {
        try (BackOps backOps = started(waiting())) {
            Enqueued one = Order.client(backOps).enqueue(() -> Order.params(1));

            assertThatThrownBy(() -> backOps.await(one.id(), Duration.ofMillis(300)))
                    .isInstanceOf(AwaitTimeoutException.class)
                    .hasMessageContaining("Operation " + one.id())
                    .hasMessageContaining("PT0.3S")
                    .hasMessageContaining("running at step ship");
            assertThatThrownBy(() -> backOps.await(one.id(), Duration.ZERO)).isInstanceOf(AwaitTimeoutException.class);
            goOn.countDown();
        }
    }

    @Test
    void endedByAnotherProcess_isSeen() throws Exception {
        try (BackOps waiter = BackOps.builder(database.dataSource()).build();
                BackOps worker = started(waiting())) {
            Enqueued one = Order.client(waiter).enqueue(() -> Order.params(1));
            CompletableFuture<Status> status = inBackground(waiter, one, LONG);
            goOn.countDown();

            assertThat(status.get(60, TimeUnit.SECONDS)).isEqualTo(Status.COMPLETED);
            assertThat(worker.operations().status(one.id())).contains(Status.COMPLETED);
        }
    }

    @Test
    void interrupted_stopsWaiting() throws Exception {
        try (BackOps backOps = started(waiting())) {
            Enqueued one = Order.client(backOps).enqueue(() -> Order.params(1));
            AtomicReference<Thread> thread = new AtomicReference<>();
            CompletableFuture<Throwable> thrown = CompletableFuture.supplyAsync(
                    () -> {
                        thread.set(Thread.currentThread());
                        try {
                            backOps.await(one.id(), LONG);
                            return new AssertionError("was not interrupted");
                        } catch (InterruptedException e) {
                            return e;
                        }
                    },
                    task -> new Thread(task).start());
            await().atMost(LONG).until(() -> state(thread.get()), state -> state == Thread.State.TIMED_WAITING);
            Objects.requireNonNull(thread.get()).interrupt();

            assertThat(thrown.get(60, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
            goOn.countDown();
        }
    }

    @Test
    void closedMeanwhile_isSaid() {
        BackOps backOps = BackOps.builder(database.dataSource()).build();
        Enqueued one = Order.client(backOps).enqueue(() -> Order.params(1));
        CompletableFuture<Status> status = inBackground(backOps, one, LONG);
        backOps.close();

        assertThatThrownBy(() -> status.get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ClosedException.class);
    }

    private static CompletableFuture<Status> inBackground(BackOps backOps, Enqueued one, Duration timeout) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return backOps.await(one.id(), timeout);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                },
                task -> new Thread(task).start());
    }

    private static Thread.State state(@Nullable Thread thread) {
        return thread == null ? Thread.State.NEW : thread.getState();
    }

    private Order.Steps waiting() {
        return new Order.Steps() {
            @Override
            public void ship(String receipt, StepRun run) throws Exception {
                goOn.await();
            }
        };
    }

    private BackOps started(Order.Steps steps) {
        BackOps backOps = BackOps.builder(database.dataSource()).build();
        backOps.register(Order.steps(steps));
        backOps.start();
        return backOps;
    }
}
