package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    static class Params { long id; } // error: InvalidParams
    @Step void charge(long id, FulfillmentContext context) {}
}
