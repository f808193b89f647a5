package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.time.Instant;

@Operation(value = "shop", actions = Charge.class)
class Shop {
@Step void send(String unknown) {} } // error: MixedSteps

class Charge { @Step(output = "paymentId") String call(long id) { return ""; } }

class User { Object step = ShopStep.SEND; }
