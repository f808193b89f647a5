package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.backops.testkit.Order;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RetentionTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    @Test
    void keep_deletesWhatEndedSoAndNothingElse() throws Exception {
        long completed;
        long failed;
        long cancelled;
        try (BackOps backOps = started(BackOps.builder(database.dataSource()))) {
            completed = Order.client(backOps)
                    .key("k")
                    .enqueue(() -> Order.params(1))
                    .id();
            failed = Order.client(backOps).enqueue(() -> Order.params(13)).id();
            cancelled = Order.client(backOps)
                    .after(Duration.ofHours(1))
                    .enqueue(() -> Order.params(3))
                    .id();
            backOps.operations().cancel(cancelled);
            assertThat(backOps.await(completed, LONG)).isEqualTo(Status.COMPLETED);
            assertThat(backOps.await(failed, LONG)).isEqualTo(Status.FAILED);
        }

        try (BackOps backOps = started(BackOps.builder(database.dataSource())
                .keep(Status.COMPLETED, Duration.ZERO)
                .keep(Status.CANCELLED, Duration.ofHours(1)))) {
            await().atMost(LONG)
                    .until(() -> backOps.operations().find(completed).isEmpty());

            assertThat(backOps.operations().steps(completed)).isEmpty();
            assertThat(backOps.operations().status(failed)).contains(Status.FAILED);
            assertThat(backOps.operations().failures(failed)).isNotEmpty();
            assertThat(backOps.operations().status(cancelled)).contains(Status.CANCELLED);
            assertThat(Order.client(backOps)
                            .key("k")
                            .enqueue(() -> Order.params(2))
                            .added())
                    .isTrue();
        }
    }

    @Test
    void keep_unfinishedStatus_isRefused() {
        assertThatThrownBy(() -> BackOps.builder(database.dataSource())
                        .keep(Status.FAILED, Duration.ofDays(30))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "keep takes completed, compensated or cancelled operations; those that are failed stay until"
                                + " somebody decides");
    }

    private static BackOps started(BackOps.Builder builder) {
        BackOps backOps = builder.build();
        backOps.register(Order.steps(new Order.Steps() {
                    @Override
                    public void ship(String receipt, StepRun run) {
                        if (receipt.equals("receipt-13")) {
                            throw new StepAbortedException("unlucky");
                        }
                    }
                }))
                .start();
        return backOps;
    }
}
