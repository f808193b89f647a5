package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step(
        output = "transactionId" // error: OutputOfVoid
    )
    void charge() {}
    @Step void send(String transactionId) {}
}
