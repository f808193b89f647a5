package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step(then = "red") void charge() {}
    @Step(output = "plan") String choose() { return ""; }
    @Step void send(String plan) {}
    @Step(branch = "red") void red1(String plan) {} // error: UnsetOutput
}
