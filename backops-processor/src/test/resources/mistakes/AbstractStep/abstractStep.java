package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
abstract class Fulfillment {
    @Step
    abstract void charge(); // error: AbstractStep
}
