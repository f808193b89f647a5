package dev.backops.examples.subscriptions;

import java.time.LocalDate;

/** The customers' accounts. */
public interface Accounts {

    /** Opens the account of a subscription, or returns the one that was opened for it before; returns its number. */
    String open(long subscriptionId, String email, Plan plan);

    /** Notes that the customer is to be reminded of the renewal on a day. */
    void remind(String accountNumber, LocalDate day);
}
