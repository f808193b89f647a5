package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.time.Instant;

@Operation("fulfillment")
class Fulfillment {
    record Params(long customerId, Instant renewsAt) {}
    @Step(at = "customerId") // error: NotATime
    void remind(long customerId) {}
    @Step(at = "renewsAt") void renew() {}
}
