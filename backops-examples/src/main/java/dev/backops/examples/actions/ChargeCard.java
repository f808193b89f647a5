package dev.backops.examples.actions;

import dev.backops.StepRun;
import dev.backops.annotation.Step;

/** Charges the customer's card, once per operation: the gateway knows the idempotency key. */
public class ChargeCard {

    @Step(output = "paymentId")
    String call(long customerId, StepRun run) {
        return "payment-of-" + customerId + "-" + run.idempotencyKey();
    }
}
