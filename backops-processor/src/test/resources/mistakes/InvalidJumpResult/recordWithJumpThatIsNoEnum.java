package demo;

import dev.backops.annotation.Jump;
import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    record Charge(String id, @Jump String next) {}
    @Step(jumpsTo = {"red", "blue"}) Charge charge() { return null; } // error: InvalidJumpResult
    @Step(branch = "red") void red1() {}
    @Step(branch = "blue") void blue1() {}
}
