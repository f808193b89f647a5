package dev.backops.examples.actions;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Use;

/** An order: a mail at once, the charge, and a mail about it. */
@Operation(
        value = "examples.order",
        uses = {@Use(SendMail.class), @Use(ChargeCard.class), @Use(value = SendMail.class, name = "sendReceipt")})
public interface Order {

    record Params(long customerId) {}
}
