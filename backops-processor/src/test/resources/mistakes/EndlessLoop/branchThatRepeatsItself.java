package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step(onFailure = "undo") void charge() {}
    @Step(branch = "undo", then = "undo") // warning: EndlessLoop
    void refund() {}
}
