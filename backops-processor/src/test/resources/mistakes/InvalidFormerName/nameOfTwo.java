package demo;

import dev.backops.annotation.Formerly;
import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment { // ecj error: InvalidFormerName
    record Params(
        @Formerly({"id", "id"}) long orderId,
        @Formerly("id") long customerId) {} // javac error: InvalidFormerName
    @Step(formerly = "pay", onFailure = "undo") void charge() {}
    @Step( // ecj error: InvalidFormerName
        formerly = "pay" // javac error: InvalidFormerName
    )
    void send() {}
    @Step(branch = "undo", // ecj error: InvalidFormerName
        branchFormerly = "pay" // javac error: InvalidFormerName
    )
    void apologise() {}
}
