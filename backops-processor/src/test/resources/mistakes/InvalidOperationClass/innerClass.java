package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

class Subscriptions {
    private final String gateway = "";

    @Operation("fulfillment")
    class Fulfillment { // error: InvalidOperationClass
        record Params(long id) {}
        @Step void charge(long id, Subscriptions_FulfillmentContext context) { gateway.trim(); }
    }
}

class User {
    void use(Subscriptions_FulfillmentOperation operation) { operation.enqueue(1); }
}
