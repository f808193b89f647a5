package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.util.Optional;

@Operation("fulfillment")
class Fulfillment {
    record Params(Optional<Long> couponId) {}
    @Step
    void charge(long couponId) {} // error: TypeMismatch
}
