package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step(
        onFailure = "refund" // error: InvalidFailureBranch
    )
    void charge() {}
    @Step void send() {}
    @Step(branch = "undo") void refund() {}
}
