package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backops.testkit.Interceptor;
import dev.backops.testkit.Order;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker whose heartbeats do not arrive, while all its other connections are well. */
@Timeout(120)
class FencingTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static final String HEARTBEAT = "SET since = ";

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private final List<String> steps = new CopyOnWriteArrayList<>();
    private final CountDownLatch charging = new CountDownLatch(1);
    private final CountDownLatch mayCharge = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);

    @ParameterizedTest
    @ValueSource(strings = {"fail", "hang"})
    void worker_whoseLeaseIsOverByItsOwnClock_startsNothingUntilAHeartbeatArrives(String how) throws Exception {
        Interceptor interceptor = new Interceptor(database.dataSource());
        try (BackOps backOps = started(interceptor.dataSource())) {
            long running = Order.client(backOps).enqueue(() -> Order.params(1)).id();
            charging.await();
            CountDownLatch mayBeat = new CountDownLatch(1);
            Runnable end = interceptor.beforeEach(HEARTBEAT, how.equals("fail") ? this::refuse : mayBeat::await);
            Sql sql = new Sql(database.direct());
            // The lease but for its margin; the worker counts from a little earlier.
            await().atMost(LONG)
                    .until(() -> sql.number(
                                    "SELECT count(*) FROM backops.worker WHERE beat_at < now() - interval '2 seconds'")
                            == 1);

            long later = Order.client(backOps).enqueue(() -> Order.params(2)).id();
            mayCharge.countDown();

            // Nobody else has taken the operation, so what its step did is recorded.
            await().atMost(LONG).until(() -> sql.number("SELECT count(*) FROM backops.step") > 0);
            await().during(Duration.ofSeconds(1)).until(() -> steps.equals(List.of("charge 1")));
            assertThat(backOps.operations().status(later)).contains(Status.READY);

            end.run();
            mayBeat.countDown();

            for (long id : List.of(running, later)) {
                assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);
                assertThat(backOps.operations().failures(id)).isEmpty();
            }
            assertThat(steps).containsExactlyInAnyOrder("charge 1", "ship", "thank", "charge 2", "ship", "thank");
        }
    }

    @Test
    void worker_thatWasBuriedMeanwhile_interruptsItsStepsOnceItHearsOfThat() throws Exception {
        Interceptor interceptor = new Interceptor(database.dataSource());
        try (BackOps backOps = started(interceptor.dataSource())) {
            long id = Order.client(backOps).enqueue(() -> Order.params(1)).id();
            charging.await();
            Runnable end = interceptor.beforeEach(HEARTBEAT, this::refuse);
            try (BackOps other = BackOps.builder(database.dataSource())
                    .lease(Duration.ofSeconds(3))
                    .build()) {
                other.register(Order.steps(new Order.Steps() {})).start();
                assertThat(other.await(id, LONG)).isEqualTo(Status.COMPLETED);
            }
            assertThat(steps).containsExactly("charge 1");

            end.run();

            interrupted.await();
            long later = Order.client(backOps).enqueue(() -> Order.params(2)).id();
            assertThat(backOps.await(later, LONG)).isEqualTo(Status.COMPLETED);
            assertThat(steps).containsExactly("charge 1", "charge 2", "ship", "thank");
            assertThat(backOps.operations().failures(id)).isEmpty();
            assertThat(backOps.operations().steps(id)).hasSize(3);
        }
    }

    private void refuse() throws SQLException {
        throw new SQLException("The heartbeat got lost on its way", "08006");
    }

    private BackOps started(DataSource dataSource) {
        BackOps backOps = BackOps.builder(dataSource)
                .lease(Duration.ofSeconds(3))
                .pollInterval(Duration.ofMillis(100))
                .build();
        backOps.register(Order.steps(new Order.Steps() {
            @Override
            public Order.Charge charge(long number, StepRun run) throws Exception {
                steps.add("charge " + number);
                if (number == 1) {
                    charging.countDown();
                    try {
                        mayCharge.await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                }
                return new Order.Charge("receipt", null);
            }

            @Override
            public void ship(String receipt, StepRun run) {
                steps.add("ship");
            }

            @Override
            public void thank(StepRun run) {
                steps.add("thank");
            }
        }));
        backOps.start();
        return backOps;
    }
}
