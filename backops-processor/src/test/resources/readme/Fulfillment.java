package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.util.Optional;

@Operation("fulfillment")
class Fulfillment {

    record Params(long subscriptionId, Subscription subscription) {}

    static class Subscription {}

    enum Next { SEND_RECEIPT }

    @Step(jumpsTo = "sendReceipt")
    Optional<Next> checkCredit(long subscriptionId) { return Optional.of(Next.SEND_RECEIPT); }

    @Step(output = "transactionId")
    String chargeCard(long subscriptionId) { return ""; }

    @Step
    void bookInvoice(long subscriptionId, String transctionId) {}

    @Step
    void sendReceipt(long subscriptionId, String transactionId) {}
}
