package demo;

import dev.backops.annotation.Default;
import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import org.jspecify.annotations.*;

@Operation("fulfillment")
class Fulfillment { // ecj error: InvalidDefault
    record Params(@Default("1") @Nullable Integer it) {} // javac error: InvalidDefault
    @Step void charge() {}
}
