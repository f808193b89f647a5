package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    enum Setup { RED, BLUE }
    @Step(jumpsTo = { // ecj error: UnknownJump
        "red",
        "bleu" // javac error: UnknownJump
    })
    Setup choose() { return null; }
    @Step(branch = "red") void red1() {}
    @Step(branch = "blue") void blue1() {}
}
