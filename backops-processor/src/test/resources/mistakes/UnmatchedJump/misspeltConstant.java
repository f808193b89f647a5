package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    enum Setup { RED, BLEU }
    @Step(jumpsTo = {"red", "blue"}) Setup choose() { return null; } // error: UnmatchedJump
    @Step(branch = "red") void red1() {}
    @Step(branch = "blue") void blue1() {}
}
