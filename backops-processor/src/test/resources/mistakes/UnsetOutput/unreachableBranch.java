package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step(branch = "red", output = "plan") String red1() { return ""; }
    @Step void send(String plan) {} // error: UnsetOutput
}
