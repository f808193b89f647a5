package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    enum Setup { SET_UP, setUp, RED }
    @Step(jumpsTo = {"setUp", "red", "red"}) Setup choose() { return null; } // error: AmbiguousJump
    @Step void setUp() {}
    @Step(jumpsTo = {"setUp", "red"}) Setup again() { return null; } // error: AmbiguousJump
    @Step(branch = "red") void red1() {}
}
