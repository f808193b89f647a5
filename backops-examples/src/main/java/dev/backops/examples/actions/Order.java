package dev.backops.examples.actions;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Use;

/** An order: the charge, a mail about it, and another one later. */
@Operation(
        value = "examples.order",
        uses = {
            @Use(ChargeCard.class),
            @Use(SendMail.class),
            @Use(value = SendMail.class, name = "sendReminder", delay = "PT1S")
        })
public interface Order {

    record Params(long customerId) {}
}
