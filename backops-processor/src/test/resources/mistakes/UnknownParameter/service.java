package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    interface Gateway {}
    record Params(long subscriptionId) {}
    @Step
    void charge(long subscriptionId, Gateway gateway) {} // error: UnknownParameter
}
