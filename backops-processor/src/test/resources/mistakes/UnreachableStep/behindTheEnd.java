package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step(then = "end") void charge() {}
    @Step // warning: UnreachableStep
    void send() {}
}
