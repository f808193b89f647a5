package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step(output = "class") // error: ReservedName
    String charge() { return ""; }
    @Step(output = "getClass") // error: ReservedName
    String book() { return ""; }
    @Step(output = "receipt-id") // error: ReservedName
    String send() { return ""; }
}
