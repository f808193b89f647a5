package demo;

import dev.backops.annotation.Default;
import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment { // ecj error: InvalidDefault
    enum Plan { RED, BLUE }
    record CustomerId(long value) {}
    record Params(
        @Default("yes") boolean it // javac error: InvalidDefault
    ) {}
    @Step void charge() {}
}
