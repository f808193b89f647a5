package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment { // ecj error: InvalidParams
    record Params<T>(long id, T value) {} // javac error: InvalidParams
    @Step void charge(long id, FulfillmentContext context) { context.id(); }
}
