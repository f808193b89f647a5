package dev.backops.examples.subscriptions;

import org.jdbi.v3.core.Jdbi;

/**
 * What the gateway's ledger adds up to.
 *
 * @param charges how often a card was charged
 * @param subscriptions for how many subscriptions
 * @param requests how often the gateway was asked to, repeated requests included
 */
record LedgerTotals(long charges, long subscriptions, long requests) {

    static LedgerTotals read(Jdbi jdbi) {
        return jdbi.withHandle(handle -> handle.createQuery(Question.LEDGER)
                .map((row, context) ->
                        new LedgerTotals(row.getLong("charges"), row.getLong("subscriptions"), row.getLong("requests")))
                .one());
    }

    boolean nobodyChargedTwice() {
        return charges == subscriptions;
    }

    @Override
    public String toString() {
        return Screen.count(charges, "charge") + " for " + Screen.count(subscriptions, "subscription")
                + (nobodyChargedTwice() ? ", nobody twice\n" : ": SOMEBODY WAS CHARGED TWICE\n")
                + Screen.count(requests - charges, "repeated request") + " charged nothing";
    }
}
