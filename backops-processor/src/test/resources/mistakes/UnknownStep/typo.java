package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation(value = "fulfillment", steps = { // ecj error: UnknownStep
    "chrage", // javac error: UnknownStep
    "send"})
class Fulfillment {
    @Step void send() {}
}
