package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step(output = "receipt")
    <T> T charge() { return null; } // error: GenericStep
    @Step
    void send(String receipt) {}
}
