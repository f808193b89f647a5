package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    class Receipt {}
    @Step(
        output = "receipt" // error: NotSimple
    )
    Receipt charge() { return null; }
    @Step void send(Receipt receipt) {}
}
