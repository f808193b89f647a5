package demo;

import dev.backops.annotation.Jump;
import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    enum Next { SEND }
    record Charge(String id, @Jump Next next) {}
    @Step Charge charge() { return null; } // error: InvalidJumpResult
    @Step void send(String id) {}
}
