package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    record Params(String email, int count) {}
    @Step
    void send(String... email) {} // error: TypeMismatch
    @Step
    void sendAgain(Long count) {} // error: TypeMismatch
}
