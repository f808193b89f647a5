package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    record Params(long id) {}
    @Step(
        jumpsTo = "refund") // error: InvalidJumpResult
    boolean charge(long id) { return true; }
    @Step(branch = "refund") void payBack() {}
}
