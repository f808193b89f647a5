package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    enum Setup { RED }
    @Step(jumpsTo = { // ecj error: UnmatchedJump
        "red",
        "blue" // javac error: UnmatchedJump
    })
    Setup choose() { return null; }
    @Step(branch = "red") void red1() {}
    @Step(branch = "blue") void blue1() {}
}
