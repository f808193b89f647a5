package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step(onFailure = "undo") void charge() {}
    @Step(
        branch = "end" // error: InvalidBranch
    )
    void refund() {}
    @Step(branch = "end") void apologise() {}
    @Step(branch = "undo") void undo1() {}
}
