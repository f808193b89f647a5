package dev.backops.examples.actions;

import dev.backops.annotation.Operation;

/** A renewal: the charge, and a mail about it. */
@Operation(
        value = "examples.renewal",
        actions = {ChargeCard.class, SendMail.class})
public interface Renewal {

    record Params(long customerId) {}
}
