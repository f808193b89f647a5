package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment { // ecj error: NotSimple // ecj error: NotSimple
    record Params(
        Object first, // javac error: NotSimple
        Object second) {} // javac error: NotSimple
    @Step void charge() {}
}
