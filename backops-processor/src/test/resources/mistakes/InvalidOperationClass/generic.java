package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment<T> { // error: InvalidOperationClass
    record Params(long id) {}
    @Step void charge(long id, T customer) {}
    @Step void send(java.util.List<T> id) {}
    @Step(output = "receipt") T book() { return null; }
}
