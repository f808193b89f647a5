package dev.backops.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backops.BackOps;
import dev.backops.Status;
import dev.backops.StepAbortedException;
import dev.backops.StepInfo;
import dev.backops.StepStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlowTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    /** Sends no receipts to customer 13. */
    private final Shop shop = new Shop() {
        @Override
        void mail(long customerId, String text) {
            if (customerId == 13 && text.startsWith("account")) {
                throw new StepAbortedException("No such customer");
            }
            super.mail(customerId, text);
        }
    };

    @Test
    void branch_returnsToMain() throws Exception {
        try (BackOps backOps = start()) {
            long id = SetupOperation.on(backOps).enqueue(7, "gold").id();

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);

            assertThat(steps(backOps, id))
                    .containsExactly("chargeCard", "chooseColor", "openRedAccount", "sendReceipt");
        }
    }

    @Test
    void failureBranch_undoes() throws Exception {
        try (BackOps backOps = start()) {
            long id = SetupOperation.on(backOps).enqueue(13, "tin").id();

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPENSATED);

            String key = shop.calls.get(0).substring("charge 13 ".length());
            assertThat(shop.calls).endsWith("refund " + key);
        }
    }

    @Test
    void backwardJump_asksAgain() throws Exception {
        try (BackOps backOps = start()) {
            long id = ExportOperation.on(backOps).enqueue(7).id();

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);

            assertThat(steps(backOps, id)).containsExactly("startExport", "ask", "ask", "send");
        }
    }

    @Test
    void times_holdBackTheNextStep() throws Exception {
        try (BackOps backOps = start()) {
            Instant endsAt = Instant.now().plus(30, ChronoUnit.DAYS);
            TrialOperation trials = TrialOperation.on(backOps);
            long id = trials.enqueue(7, endsAt).id();
            await().until(() -> backOps.operations().status(id).orElseThrow() == Status.SCHEDULED);
            assertThat(trials.find().first().orElseThrow().runAt())
                    .isBetween(
                            Instant.now().plus(23, ChronoUnit.HOURS),
                            Instant.now().plus(24, ChronoUnit.HOURS));

            backOps.operations().jumpTo(id, TrialStep.CHARGE);

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);
            assertThat(steps(backOps, id)).startsWith("welcome").endsWith("charge");
        }
    }

    private BackOps start() {
        BackOps backOps = BackOps.builder(TestDatabases.create()).build();
        backOps.register(SetupOperation.steps(new Setup(shop)));
        backOps.register(ExportOperation.steps(new Export(shop)));
        backOps.register(TrialOperation.steps(new Trial(shop)));
        backOps.start();
        return backOps;
    }

    private static List<String> steps(BackOps backOps, long id) {
        return backOps.operations().steps(id).stream()
                .filter(step -> step.status() == StepStatus.COMPLETED)
                .map(StepInfo::name)
                .toList();
    }
}
