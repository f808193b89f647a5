package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.time.Clock;

@Operation(value = "shop", actions = Charge.class)
interface Shop { record Params(long id) {} }

@Operation(value = "store", actions = Charge.class)
interface Store { record Params(long id) {} }

class Charge {
    @Step
    void call(long id, Clock clock) {} // error: UnknownParameter
}
