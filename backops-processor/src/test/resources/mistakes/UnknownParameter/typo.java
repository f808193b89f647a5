package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    record Params(long subscriptionId) {}
    @Step(output = "transactionId") String charge(long subscriptionId) { return ""; }
    @Step
    void sendReceipt(String transctionId, FulfillmentContext context) { // error: UnknownParameter
        context.transactionId();
    }
}
