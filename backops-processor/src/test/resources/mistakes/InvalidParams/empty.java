package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment { // ecj error: InvalidParams
    record Params() {} // javac error: InvalidParams
    @Step void charge() {}
}
