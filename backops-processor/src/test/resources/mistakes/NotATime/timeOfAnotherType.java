package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.time.*;

@Operation("fulfillment")
class Fulfillment {
    record Params(LocalDate renewsAt) {}
    @Step(
        at = "renewsAt" // error: NotATime
    )
    void remind() {}
}
