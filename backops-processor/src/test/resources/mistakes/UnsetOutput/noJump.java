package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import org.jspecify.annotations.*;

@Operation("fulfillment")
class Fulfillment {
    enum Setup { RED }
    @Step(jumpsTo = "red") @Nullable Setup choose() { return null; }
    @Step(branch = "red", output = "plan") String red1() { return ""; }
    @Step void send(String plan) {} // error: UnsetOutput
}
