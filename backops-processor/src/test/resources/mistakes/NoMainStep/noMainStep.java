package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment") // error: NoMainStep
class Fulfillment {
    @Step(branch = "red") void charge() {}
    @Step(branch = "red") void send() {}
}
