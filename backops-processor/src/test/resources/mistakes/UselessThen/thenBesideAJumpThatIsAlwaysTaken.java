package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    enum Setup { RED, BLUE }
    @Step(
        jumpsTo = {"red", "blue"},
        then = "send" // error: UselessThen
    )
    Setup choose() { return null; }
    @Step void send() {}
    @Step(branch = "red") void red1() {}
    @Step(branch = "blue") void blue1() {}
}
