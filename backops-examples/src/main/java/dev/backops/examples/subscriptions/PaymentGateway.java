package dev.backops.examples.subscriptions;

import java.math.BigDecimal;
import java.util.Currency;

/** Charges credit cards. */
public interface PaymentGateway {

    /**
     * Charges a card, or returns the transaction of the charge that was made with this key before: whoever is not sure
     * whether a charge went through asks again with the same key.
     *
     * @return the id of the transaction
     * @throws CardDeclinedException if the card cannot be charged, now or later
     * @throws GatewayTimeoutException if no answer came, which says nothing about whether the card was charged
     */
    String charge(Charge charge, String idempotencyKey);

    /**
     * What to charge.
     *
     * @param reference what the charge is for, as the gateway writes it into its ledger
     * @param card the token that stands for the card
     * @param amount how much
     * @param currency of what
     */
    record Charge(String reference, String card, BigDecimal amount, Currency currency) {}
}
