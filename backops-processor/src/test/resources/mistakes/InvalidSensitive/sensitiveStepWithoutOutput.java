package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Sensitive;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step @Sensitive
    String logIn() { return ""; } // error: InvalidSensitive
}
