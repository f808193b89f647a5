package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step void charge() {}

    static class Helper {
        @Step // error: StepOutsideOperation
        void one() {}
        @Step // error: StepOutsideOperation
        void two() {}
    }
}
