package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.util.*;

@Operation("fulfillment")
class Fulfillment {
    enum Setup { RED, BLUE }
    enum Again { CHOOSE }
    @Step(jumpsTo = {"red", "blue"}) Setup choose() { return null; }
    @Step(branch = "red", output = "plan") String red1() { return ""; }
    @Step(branch = "blue", output = "plan") String blue1() { return ""; } // error: DuplicateOutput
    @Step(jumpsTo = "choose") Optional<Again> check(String plan) { return null; }
}
