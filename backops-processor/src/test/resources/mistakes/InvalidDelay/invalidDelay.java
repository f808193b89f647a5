package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step(
        delay = "24h" // error: InvalidDelay
    )
    void charge() {}
}
