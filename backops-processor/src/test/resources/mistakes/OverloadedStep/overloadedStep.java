package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    record Params(long id) {}
    @Step void charge() {}
    @Step void charge(long id) {} // error: OverloadedStep
}
