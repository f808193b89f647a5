package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    record Params(long subscriptionId) {}
    @Step
    void charge(int subscriptionId) {} // error: TypeMismatch
}
