package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import org.jspecify.annotations.*;

@Operation("fulfillment")
class Fulfillment {
    enum Setup { RED, BLUE }
    @Step(jumpsTo = {"red", "blue"}) Setup choose() { return null; }
    @Step(branch = "red", output = "plan") String red1() { return ""; }
    @Step(branch = "blue", output = "plan") @Nullable String blue1() { return null; }
    @Step void send(String plan) {} // error: TypeMismatch
}
