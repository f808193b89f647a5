package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation(value = "fulfillment", steps = { // ecj error: RepeatedStep
    "charge",
    "charge"}) // javac error: RepeatedStep
class Fulfillment {
    @Step void charge() {}
}
