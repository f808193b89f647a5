package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    record Params(String plan) {}
    @Step(output = "plan") long choose(String plan) { return 1; } // error: OutputShadowsParam
    @Step void send(long plan) {}
}
