package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step(output = "plan") String chooseRed() { return ""; }
    @Step(output = "plan") long chooseBlue() { return 1; } // error: DuplicateOutput
    @Step void send(String plan) {}
}
