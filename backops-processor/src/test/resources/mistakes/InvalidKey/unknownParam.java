package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation(value = "fulfillment", key = { // ecj error: InvalidKey
    "customerID", // javac error: InvalidKey
    "month"})
class Fulfillment {
    record Params(long customerId, String month) {}
    @Step void charge() {}
}
