package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step void charge(OtherOperation operation) {} // error: UnknownParameter
}

@Operation("other")
class Other {
    @Step void charge(OtherContext context) {}
}
