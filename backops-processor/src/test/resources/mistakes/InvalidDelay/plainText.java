package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step void charge() {}
    @Step(
        delay = "2 hours") // error: InvalidDelay
    void remind() {}
}
