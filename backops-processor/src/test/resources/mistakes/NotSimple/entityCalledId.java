package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment { // ecj error: NotSimple
    class Customer {}
    record Params(Customer customerId) {} // javac error: NotSimple
    @Step void charge() {}
}
