package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation(value = "fulfillment", key = "customerId")
class Fulfillment { // ecj error: NotSimple
    record Params(Object customerId) {} // javac error: NotSimple
    @Step void charge() {}
}
