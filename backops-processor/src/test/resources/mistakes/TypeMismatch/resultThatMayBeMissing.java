package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import org.jspecify.annotations.*;

@Operation("fulfillment")
class Fulfillment {
    enum Again { AGAIN }
    @Step(output = "plan") @Nullable String again() { return null; }
    @Step(jumpsTo = "again") @Nullable Again send(String plan) { return null; } // error: TypeMismatch
}
