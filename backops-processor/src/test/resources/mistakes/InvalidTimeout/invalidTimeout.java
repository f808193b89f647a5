package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step(
        timeout = "30s" // error: InvalidTimeout
    )
    void charge() {}
}
