package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.backops.testkit.Order;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RepairTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final AtomicBoolean vansOut = new AtomicBoolean(true);
    private final CountDownLatch charging = new CountDownLatch(1);
    private final CountDownLatch mayCharge = new CountDownLatch(1);

    /** Charges when allowed to, and ships unless the vans are out. */
    private final Order.Steps steps = new Order.Steps() {
        @Override
        public Order.Charge charge(long number, StepRun run) throws InterruptedException {
            calls.add("charge");
            charging.countDown();
            mayCharge.await();
            return new Order.Charge("r" + number, null);
        }

        @Override
        public void ship(String receipt, StepRun run) {
            calls.add("ship " + receipt);
            if (vansOut.get()) {
                throw new StepAbortedException("no van");
            }
        }

        @Override
        public void thank(StepRun run) {
            calls.add("thank");
        }
    };

    @Test
    void cancel_waitingOperation_endsItAtOnce() throws Exception {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            long id = Order.client(backOps)
                    .key("k")
                    .after(Duration.ofHours(1))
                    .enqueue(() -> Order.params(1))
                    .id();

            assertThat(backOps.operations().by("ann", "ordered twice").cancel(id))
                    .isTrue();

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.CANCELLED);
            assertThat(Order.client(backOps)
                            .key("k")
                            .enqueue(() -> Order.params(1))
                            .added())
                    .isTrue();
            assertThat(audit()).containsExactly(tuple("cancel", "ann", "ordered twice"));
            assertThatThrownBy(() -> backOps.operations().cancel(id))
                    .isInstanceOf(RepairRefusedException.class)
                    .hasMessage("Operation " + id + " is cancelled, and what is over cannot be changed");
            assertThatThrownBy(() -> backOps.operations().cancel(77))
                    .isInstanceOf(OperationNotFoundException.class)
                    .hasMessage("There is no operation 77");
        }
    }

    @Test
    void cancel_runningOperation_recordsTheStepFirst() throws Exception {
        try (BackOps backOps = started()) {
            long id = Order.client(backOps).enqueue(() -> Order.params(1)).id();
            charging.await();

            assertThat(backOps.operations().cancel(id)).isFalse();
            assertThatThrownBy(() -> backOps.operations().jumpTo(id, "thank"))
                    .isInstanceOf(RepairRefusedException.class)
                    .hasMessage("Operation " + id + " is running; pause it first");
            mayCharge.countDown();

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.CANCELLED);
            assertThat(calls).containsExactly("charge");
            assertThat(backOps.operations().steps(id))
                    .extracting(StepInfo::name, StepInfo::status)
                    .contains(tuple("charge", StepStatus.COMPLETED), tuple("ship", StepStatus.CANCELLED));
            assertThat(backOps.operations().find(id).orElseThrow().context()).containsEntry("receipt", "r1");
        }
    }

    @Test
    void pause_runningOperation_stopsBehindTheStepUntilUnpaused() throws Exception {
        vansOut.set(false);
        try (BackOps backOps = started()) {
            long id = Order.client(backOps).enqueue(() -> Order.params(1)).id();
            charging.await();
            assertThat(backOps.operations().pause(id)).isFalse();
            mayCharge.countDown();
            awaitStatus(backOps, id, Status.PAUSED);
            assertThat(calls).containsExactly("charge");

            backOps.operations().unpause(id);

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);
            assertThat(calls).containsExactly("charge", "ship r1", "thank");
        }
    }

    @Test
    void skip_failedStep_goesOnBehindIt() throws Exception {
        try (BackOps backOps = failedAtShip()) {
            backOps.operations().skip(1, Map.of());

            assertThat(backOps.await(1, LONG)).isEqualTo(Status.COMPLETED);
            assertThat(calls).containsExactly("charge", "ship r1", "thank");
            assertThat(backOps.operations().steps(1))
                    .extracting(StepInfo::name, StepInfo::status)
                    .containsExactly(
                            tuple("charge", StepStatus.COMPLETED),
                            tuple("ship", StepStatus.SKIPPED),
                            tuple("thank", StepStatus.COMPLETED));
            assertThat(backOps.operations().find(1).orElseThrow().context())
                    .isEqualTo(Map.of("number", 1, "receipt", "r1"));
        }
    }

    @Test
    void skip_withoutARequiredOutput_isRefused() {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            long id = Order.client(backOps).enqueue(() -> Order.params(1)).id();

            assertThatThrownBy(() -> backOps.operations().skip(id, Map.of("note", "x")))
                    .isInstanceOf(RepairRefusedException.class)
                    .hasMessage("Step charge cannot be skipped without a value for receipt");
            assertThatThrownBy(() -> backOps.operations().skip(id, Map.of("receipt", "x", "recipt", "y")))
                    .isInstanceOf(RepairRefusedException.class)
                    .hasMessage("Step charge does not set recipt");
            assertThatThrownBy(() -> backOps.operations().jumpTo(id, "ship"))
                    .isInstanceOf(RepairRefusedException.class)
                    .hasMessageStartingWith("Operation " + id + " cannot go on at ship: receipt must be set first");
            assertThat(audit()).isEmpty();
        }
    }

    @Test
    void skip_lastStep_completesTheOperation() throws Exception {
        try (BackOps backOps = failedAtShip()) {
            backOps.operations().jumpTo(1, "thank");
            backOps.await(1, LONG);
            assertThat(backOps.operations().find(1).orElseThrow().stepsDone()).isEqualTo(2);
        }
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            long id = Order.client(backOps).enqueue(() -> Order.params(2)).id();
            backOps.operations().skip(id, Map.of("receipt", "paper"));
            backOps.operations().skip(id, Map.of());
            backOps.operations().skip(id, Map.of());
            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);
            assertThat(backOps.operations().find(id).orElseThrow().context())
                    .isEqualTo(Map.of("number", 2, "receipt", "paper"));
        }
    }

    @Test
    void retryFrom_runsAnEarlierStepAgainUnderAnotherKey() throws Exception {
        try (BackOps backOps = failedAtShip()) {
            vansOut.set(false);
            backOps.operations().retryFrom(1, "charge");

            assertThat(backOps.await(1, LONG)).isEqualTo(Status.COMPLETED);
            assertThat(calls).containsExactly("charge", "ship r1", "charge", "ship r1", "thank");
            assertThatThrownBy(() -> backOps.operations().retryFrom(1, "charge"))
                    .isInstanceOf(RepairRefusedException.class)
                    .hasMessageContaining("is completed");
        }
    }

    @Test
    void retryFrom_stepThatNeverRan_isRefused() throws Exception {
        try (BackOps backOps = failedAtShip()) {
            assertThatThrownBy(() -> backOps.operations().retryFrom(1, "thank"))
                    .isInstanceOf(RepairRefusedException.class)
                    .hasMessage("Operation 1 has not run step thank; to go on there, jump to it");
            assertThatThrownBy(() -> backOps.operations().jumpTo(1, "thnak"))
                    .isInstanceOf(RepairRefusedException.class)
                    .hasMessage("Operation 1 has no step thnak");
        }
    }

    @Test
    void setOutput_replacesWhatLaterStepsRead() throws Exception {
        try (BackOps backOps = failedAtShip()) {
            vansOut.set(false);
            backOps.operations().setOutput(1, "receipt", "r-paper");
            backOps.operations().resume(1);

            assertThat(backOps.await(1, LONG)).isEqualTo(Status.COMPLETED);
            assertThat(calls).containsExactly("charge", "ship r1", "ship r-paper", "thank");
            assertThat(backOps.operations().find(1).orElseThrow().context()).containsEntry("receipt", "r-paper");
            assertThatThrownBy(() -> backOps.operations().setOutput(1, "receipt", "late"))
                    .isInstanceOf(RepairRefusedException.class);
        }
    }

    @Test
    void repairs_inSql_doTheSame() throws Exception {
        try (BackOps backOps = failedAtShip()) {
            vansOut.set(false);
            database.jdbi().useHandle(handle -> handle.execute("SELECT backops.resume(1, 'bob', 'vans are back')"));

            assertThat(backOps.await(1, LONG)).isEqualTo(Status.COMPLETED);
            assertThat(audit()).containsExactly(tuple("resume", "bob", "vans are back"));
        }
    }

    private BackOps failedAtShip() throws InterruptedException {
        mayCharge.countDown();
        BackOps backOps = started();
        Order.client(backOps).enqueue(() -> Order.params(1));
        assertThat(backOps.await(1, LONG)).isEqualTo(Status.FAILED);
        return backOps;
    }

    private BackOps started() {
        BackOps backOps = BackOps.builder(database.dataSource())
                .pollInterval(Duration.ofMillis(50))
                .build();
        backOps.register(Order.steps(steps)).start();
        return backOps;
    }

    private static void awaitStatus(BackOps backOps, long id, Status status) {
        org.awaitility.Awaitility.await()
                .atMost(LONG)
                .until(() -> backOps.operations().status(id).orElseThrow() == status);
    }

    private List<org.assertj.core.groups.Tuple> audit() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT act, who, why FROM backops.audit ORDER BY id")
                        .map((row, context) -> tuple(row.getString("act"), row.getString("who"), row.getString("why")))
                        .list());
    }
}
