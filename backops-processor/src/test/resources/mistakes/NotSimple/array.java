package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment { // ecj error: NotSimple
    record Params(
        String[] lines) {} // javac error: NotSimple
    @Step void charge() {}
}
