package dev.backops.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.BackOps;
import dev.backops.Status;
import dev.backops.StepRun;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FulfillmentTest {

    private final Shop shop = new Shop();
    private final Fulfillment fulfillment = new Fulfillment(shop);

    @Test
    void chargeCard_namesThePayment() {
        assertThat(fulfillment.chargeCard(42, StepRun.forTest())).isEqualTo("payment-42");
    }

    @Test
    void context_holdsParams() {
        FulfillmentContext context = FulfillmentContext.of(new Fulfillment.Params(42, "gold", Optional.empty()));

        assertThat(context.plan()).isEqualTo("gold");
        assertThat(context.transactionId()).isEmpty();
    }

    @Test
    void fulfillment_sendsAReceipt() throws Exception {
        try (BackOps backOps = BackOps.builder(TestDatabases.create()).build()) {
            backOps.register(FulfillmentOperation.steps(fulfillment));
            backOps.start();

            long id = FulfillmentOperation.on(backOps)
                    .with()
                    .subscriptionId(42)
                    .plan("gold")
                    .enqueue()
                    .id();

            assertThat(backOps.await(id, Duration.ofSeconds(30))).isEqualTo(Status.COMPLETED);
            assertThat(shop.calls).last().asString().startsWith("mail 42 payment-42");
        }
    }
}
