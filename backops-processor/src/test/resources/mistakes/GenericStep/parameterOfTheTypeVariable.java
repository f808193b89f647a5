package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    record Params(long id) {}
    @Step
    <T> void charge(T id) {} // error: GenericStep
    @Step
    <T> void send(T customer) {} // error: GenericStep
}
