package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backops.testkit.Order;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BackOpsTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    @Test
    void operation_runsItsStepsInOrderAndKeepsTheirOutputs() throws Exception {
        List<String> calls = new CopyOnWriteArrayList<>();
        try (BackOps backOps = started(new Order.Steps() {
            @Override
            public Order.Charge charge(long number, StepRun run) {
                calls.add("charge " + number);
                return new Order.Charge("r1", "fragile");
            }

            @Override
            public void ship(String receipt, StepRun run) {
                calls.add("ship " + receipt);
            }

            @Override
            public void thank(StepRun run) {
                calls.add("thank");
            }
        })) {
            Enqueued one = Order.client(backOps).enqueue(() -> Order.params(42));

            assertThat(backOps.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);

            assertThat(calls).containsExactly("charge 42", "ship r1", "thank");
            OperationInfo<Map<String, Object>> info =
                    backOps.operations().find(one.id()).orElseThrow();
            assertThat(info.context()).isEqualTo(Map.of("number", 42, "receipt", "r1", "note", "fragile"));
            assertThat(info.stepsDone()).isEqualTo(3);
            assertThat(info.finishedAt()).isAfterOrEqualTo(info.createdAt());
            assertThat(backOps.operations().steps(one.id()))
                    .extracting(StepInfo::name, StepInfo::status, StepInfo::attempts)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("charge", StepStatus.COMPLETED, 1),
                            org.assertj.core.groups.Tuple.tuple("ship", StepStatus.COMPLETED, 1),
                            org.assertj.core.groups.Tuple.tuple("thank", StepStatus.COMPLETED, 1));
        }
    }

    @Test
    void failingStep_isTriedAgainThenFailsAndResumesFromThere() throws Exception {
        AtomicInteger charges = new AtomicInteger();
        List<String> keys = new CopyOnWriteArrayList<>();
        AtomicBoolean mended = new AtomicBoolean();
        try (BackOps backOps = started(new Order.Steps() {
            @Override
            public Order.Charge charge(long number, StepRun run) {
                charges.incrementAndGet();
                return new Order.Charge("r1", null);
            }

            @Override
            public void ship(String receipt, StepRun run) {
                keys.add(run.idempotencyKey());
                if (!mended.get()) {
                    throw new IllegalStateException("no van", new java.io.IOException("gate shut"));
                }
            }
        })) {
            Enqueued one = Order.client(backOps).enqueue(() -> Order.params(42));

            assertThat(backOps.await(one.id(), LONG)).isEqualTo(Status.FAILED);
            assertThat(backOps.operations().failures(one.id()))
                    .extracting(FailureInfo::step, FailureInfo::attempt, FailureInfo::message)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("ship", 1, "no van"),
                            org.assertj.core.groups.Tuple.tuple("ship", 2, "no van"),
                            org.assertj.core.groups.Tuple.tuple("ship", 3, "no van"));
            FailureInfo failure = backOps.operations().failures(one.id()).get(2);
            assertThat(failure.errorClass()).isEqualTo("java.lang.IllegalStateException");
            assertThat(failure.stackTrace()).contains("Caused by: java.io.IOException: gate shut");
            assertThat(failure.frame()).contains("BackOpsTest").contains("ship");

            mended.set(true);
            backOps.operations().resume(one.id());
            assertThat(backOps.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);

            assertThat(charges).hasValue(1);
            assertThat(keys).hasSize(4);
            assertThat(Map.copyOf(Map.of("keys", keys.stream().distinct().toList()))
                            .get("keys"))
                    .hasSize(1);
            assertThatThrownBy(() -> backOps.operations().resume(one.id()))
                    .isInstanceOf(RepairRefusedException.class)
                    .hasMessageContaining("completed");
        }
    }

    private BackOps started(Order.Steps steps) {
        BackOps backOps = BackOps.builder(database.dataSource()).build();
        backOps.register(Order.steps(steps));
        backOps.start();
        return backOps;
    }
}
