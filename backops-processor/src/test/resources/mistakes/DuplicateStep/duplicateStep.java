package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step void charge() {}
    @Step(
        name = "charge" // error: DuplicateStep
    )
    void send() {}
}
