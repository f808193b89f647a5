package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    record Params(long id, String email) {}
    @Step void send(long id) {}
    @Step(name = "sendMail")
    void send(String email) {} // error: OverloadedStep
    @Step(name = "sendBoth")
    void send(long id, String email) {} // error: OverloadedStep
}
