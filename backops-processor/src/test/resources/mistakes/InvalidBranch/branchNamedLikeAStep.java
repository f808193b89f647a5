package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    enum Next { REFUND }
    @Step(jumpsTo = "refund", onFailure = "refund") Next charge() { return null; }
    @Step(branch = "refund", output = "id") String refund() { return ""; } // error: InvalidBranch
    @Step(branch = "refund") void send(String id) {}
}
