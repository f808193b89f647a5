package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step(
        then = "somewhere" // error: UnknownJump
    )
    void charge() {}
    @Step(branch = "red") void setUp() {}
}
