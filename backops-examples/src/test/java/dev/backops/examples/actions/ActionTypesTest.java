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
            backOps.register(OrderOperation.steps(sendMail, chargeCard));
            backOps.register(RenewalOperation.steps(chargeCard, sendMail));
            backOps.start();

            assertThat(run(backOps, OrderOperation.on(backOps).enqueue(7).id()))
                    .containsExactly("sendMail", "chargeCard", "sendReceipt");
            assertThat(run(backOps, RenewalOperation.on(backOps).enqueue(8).id()))
                    .containsExactly("chargeCard", "sendMail");
        }
        assertThat(outbox).containsExactly("To 7: welcome", "To 7: paid, payment", "To 8: paid, payment");
    }

    private static List<String> run(BackOps backOps, long id) throws InterruptedException {
        assertThat(backOps.await(id, Duration.ofSeconds(30))).isEqualTo(Status.COMPLETED);
        return backOps.operations().steps(id).stream().map(StepInfo::name).toList();
    }
}
