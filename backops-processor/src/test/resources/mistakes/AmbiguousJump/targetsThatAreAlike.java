package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    enum Setup { SET_UP }
    @Step(jumpsTo = {"setUp", "setup"}) Setup choose() { return null; } // error: AmbiguousJump
    @Step void setUp() {}
    @Step void setup() {}
}
