package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.time.*;

@Operation("fulfillment")
class Fulfillment {
    record Params(Instant renewsAt) {}
    @Step(
        delay = "PT1H",
        at = "renewsAt" // error: DelayAndAt
    )
    void charge() {}
}
