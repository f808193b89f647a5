package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment { // ecj error: ReservedName
    record Params(boolean equals) {} // javac error: ReservedName
    @Step void charge(boolean equals) {}
}
