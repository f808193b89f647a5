package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation(value = "fulfillment", steps = "charge")
class Fulfillment {
    @Step void charge() {}
    @Step // error: UnlistedStep
    void send() {}
}
