package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.time.Instant;

@Operation("fulfillment")
class Fulfillment {
    record Params(Instant renewsAt) {}
    @Step(
        at = "renewAt") // error: UnknownTime
    void remind() {}
}
