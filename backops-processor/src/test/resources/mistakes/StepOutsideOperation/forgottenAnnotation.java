package demo;

import dev.backops.annotation.Step;

class Fulfillment {
    @Step // error: StepOutsideOperation
    void charge() {}
    @Step // error: StepOutsideOperation
    void send() {}
}
