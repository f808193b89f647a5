package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
record Fulfillment(long id) { // javac error: InvalidOperationClass
    void ship() {}

    @Step
    void charge() {} // ecj error: InvalidOperationClass
}
