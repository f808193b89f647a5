package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    record Charge(String id, long cents) {}
    @Step(output = "a b") Charge charge() { return null; } // error: ReservedName
}
