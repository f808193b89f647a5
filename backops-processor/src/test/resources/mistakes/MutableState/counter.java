package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    private int charged; // warning: MutableState
    @Step void charge() { charged++; }
}
