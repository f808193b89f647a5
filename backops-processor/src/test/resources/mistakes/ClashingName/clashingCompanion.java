package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.time.Instant;

@Operation(value = "shop", actions = Charge.class)
interface Shop { record Params(long id, Instant dueAt) {} }

class Charge { @Step(output = "paymentId") String call(long id) { return ""; } } // error: ClashingName

class ChargeAction {}
