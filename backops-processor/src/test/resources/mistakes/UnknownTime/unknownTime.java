package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step(at = "renewsAt") void remind() {} // error: UnknownTime
}
