package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    record Params(long id) {}
    @Step
    void charge(BillContext context) { context.id(); } // error: UnknownParameter
}

@Operation("bill")
class Bill {
    record Params(long id) {}
    @Step
    void send(BillContext context) { context.id(); }
}
