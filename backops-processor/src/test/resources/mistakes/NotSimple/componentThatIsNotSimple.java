package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    record Charge(String id, Thread thread) {}
    @Step(
        output = "charge" // error: NotSimple
    )
    Charge charge() { return null; }
}
