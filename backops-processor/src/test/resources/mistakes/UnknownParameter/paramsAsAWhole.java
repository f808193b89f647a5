package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    record Params(long id) {}
    @Step
    void charge(Params params) { params.id(); } // error: UnknownParameter
}
