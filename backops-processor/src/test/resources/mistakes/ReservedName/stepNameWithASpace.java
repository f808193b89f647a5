package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step(name = "charge card") void charge() {} // error: ReservedName
}
