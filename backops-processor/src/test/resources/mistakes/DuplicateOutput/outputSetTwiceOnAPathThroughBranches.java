package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.util.*;

@Operation("fulfillment")
class Fulfillment {
    enum Setup { RED }
    @Step(jumpsTo = "red") Optional<Setup> choose() { return null; }
    @Step(output = "plan") String take() { return ""; } // error: DuplicateOutput
    @Step(
        branch = "red",
        output = "plan"
    )
    String red1() { return ""; }
    @Step void send(String plan) {}
}
