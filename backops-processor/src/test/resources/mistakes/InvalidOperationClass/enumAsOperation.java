package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
enum Fulfillment { // error: InvalidOperationClass
    ONE;
    @Step void charge() {}
}
