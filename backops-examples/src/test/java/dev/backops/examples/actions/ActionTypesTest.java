package dev.backops.examples.actions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.BackOps;
import dev.backops.Status;
import dev.backops.StepInfo;
import dev.backops.embedded.EmbeddedDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ActionTypesTest {

    @Test
    void twoOperations_shareTheirActionTypes() throws Exception {
        List<String> outbox = new CopyOnWriteArrayList<>();
        ChargeCard chargeCard = new ChargeCard();
        SendMail sendMail = new SendMail(outbox);
        try (EmbeddedDatabase database = EmbeddedDatabase.temporary().start();
                BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            backOps.register(OrderOperation.steps(chargeCard, sendMail));
            backOps.register(RenewalOperation.steps(chargeCard, sendMail));
            backOps.start();

            assertThat(run(backOps, OrderOperation.on(backOps).enqueue(7).id()))
                    .containsExactly("chargeCard", "sendMail", "sendReminder");
            assertThat(run(backOps, RenewalOperation.on(backOps).enqueue(8).id()))
                    .containsExactly("chargeCard", "sendMail");
        }
        assertThat(outbox)
                .satisfiesExactly(
                        mail -> assertThat(mail).startsWith("To 7: payment-of-7-"),
                        mail -> assertThat(mail).isEqualTo(outbox.get(0)),
                        mail -> assertThat(mail).startsWith("To 8: payment-of-8-"));
    }

    private static List<String> run(BackOps backOps, long id) throws InterruptedException {
        assertThat(backOps.await(id, Duration.ofSeconds(30))).isEqualTo(Status.COMPLETED);
        return backOps.operations().steps(id).stream().map(StepInfo::name).toList();
    }
}
