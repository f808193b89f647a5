package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    enum Setup { RED, BLUE }
    @Step(jumpsTo = {"red", "blue"}) Setup choose() { return null; }
    @Step(branch = "red", output = "plan") String red1() { return ""; }
    @Step(branch = "blue", output = "plan") long blue1() { return 1; } // error: TypeMismatch
    @Step void send(String plan) {}
}
