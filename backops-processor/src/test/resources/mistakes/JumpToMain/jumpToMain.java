package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    enum Next { RED, MAIN }
    @Step(jumpsTo = {"red", "main"}) Next charge() { return null; } // error: JumpToMain
    @Step(branch = "red", then = "main") void setUp() {} // error: JumpToMain
}
