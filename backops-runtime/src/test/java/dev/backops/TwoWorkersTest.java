package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backops.testkit.Ledger;
import dev.backops.testkit.Order;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TestDatabase;
import dev.backops.testkit.WorkerProcesses;
import dev.backops.testkit.WorkerProcesses.Worker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TwoWorkersTest {

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    @RegisterExtension
    final WorkerProcesses workers = new WorkerProcesses();

    @Test
    void twoProcesses_underSteadyLoad_runEachStepOnce() throws Exception {
        Ledger ledger = new Ledger(database.dataSource()).create();
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            Worker one = workers.start(database.jdbcUrl(), Duration.ZERO);
            Worker other = workers.start(database.jdbcUrl(), Duration.ZERO);
            one.awaitStart();
            other.awaitStart();

            for (int batch = 0; batch < 10; batch++) {
                List<Long> numbers =
                        LongStream.range(batch * 90L, batch * 90L + 90).boxed().toList();
                Order.client(backOps).enqueueAll(numbers, Order::params);
                for (long number = 900 + batch * 10L; number < 910 + batch * 10L; number++) {
                    long single = number;
                    Order.client(backOps).enqueue(() -> Order.params(single));
                }
            }

            await().atMost(Duration.ofSeconds(60)).until(() -> ledger.completed() == 1_000);
            assertThat(ledger.misrecorded()).isEmpty();
            assertThat(ledger.calledAgain()).isEmpty();
            assertThat(ledger.calls()).isEqualTo(3_000);
            assertThat(ledger.calls(one.pid())).isPositive();
            assertThat(ledger.calls(other.pid())).isPositive();
            assertThat(ledger.failedAttempts()).isEmpty();
            assertThat(backOps.operations().list(Search.of(Status.READY, Status.RUNNING)))
                    .isEmpty();
            one.close();
            other.close();
            assertThat(new Sql(database.dataSource()).texts("SELECT pid FROM backops.worker"))
                    .isEmpty();
        }
    }

    @Test
    void workBehindAStepThatTakesLong_goesToAProcessThatHasTime() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        Order.Steps slow = new Order.Steps() {
            @Override
            public Order.Charge charge(long number, StepRun run) throws Exception {
                if (number == 0) {
                    goOn.await();
                }
                return new Order.Charge("r" + number, null);
            }
        };
        Sql sql = new Sql(database.dataSource());
        try (BackOps busy = started(slow)) {
            List<Enqueued> both = Order.client(busy).enqueueAll(List.of(0L, 1L), Order::params);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> sql.number("SELECT count(*) FROM backops.work WHERE state = 'running'") == 2);

            try (BackOps other = started(slow)) {
                assertThat(other.await(both.get(1).id(), Duration.ofSeconds(30)))
                        .isEqualTo(Status.COMPLETED);
                assertThat(busy.operations().status(both.get(0).id())).contains(Status.RUNNING);
                goOn.countDown();
                assertThat(other.await(both.get(0).id(), Duration.ofSeconds(30)))
                        .isEqualTo(Status.COMPLETED);
            } finally {
                goOn.countDown();
            }
            assertThat(sql.texts("SELECT attempts FROM backops.step"))
                    .hasSize(6)
                    .containsOnly("1");
        }
    }

    private BackOps started(Order.Steps steps) {
        BackOps backOps = BackOps.builder(database.dataSource()).concurrency(1).build();
        backOps.register(Order.steps(steps)).start();
        return backOps;
    }
}
