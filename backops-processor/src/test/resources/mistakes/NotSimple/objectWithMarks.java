package demo;

import dev.backops.annotation.Default;
import dev.backops.annotation.Indexed;
import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment { // ecj error: NotSimple
    record Params(@Default("1") @Indexed Object it) {} // javac error: NotSimple
    @Step void charge() {}
}
