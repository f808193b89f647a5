package demo;

import dev.backops.annotation.Step;

class Stray {
    record Params(long id) {}
    @Step void charge(long id) {} // error: StepOutsideOperation
}
