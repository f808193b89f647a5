package dev.backops.examples.subscriptions.simulation;

import dev.backops.examples.subscriptions.PaymentGateway.Charge;
import java.math.BigDecimal;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What the gateway has written down, in a schema of its own. Callers own the transaction. */
final class Ledger {

    /* Two programs may be the first at the same time, and IF NOT EXISTS does not wait for the other. */
    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtext('gateway'))";

    private static final String CREATE_SCHEMA = "CREATE SCHEMA IF NOT EXISTS gateway";

    private static final String CREATE_CHARGE = """
            CREATE TABLE IF NOT EXISTS gateway.charge (
              transaction bigint GENERATED ALWAYS AS IDENTITY (START 100001) PRIMARY KEY,
              idempotency_key text NOT NULL UNIQUE,
              reference text NOT NULL,
              card text NOT NULL,
              amount numeric NOT NULL CHECK (amount > 0),
              currency text NOT NULL,
              requests int NOT NULL DEFAULT 1,
              charged_at timestamptz NOT NULL DEFAULT now()
            )
            """;

    private static final String CREATE_RECOVERY = """
            CREATE TABLE IF NOT EXISTS gateway.recovery (
              recovered_at timestamptz NOT NULL DEFAULT now(),
              only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one)
            )
            """;

    /* One statement: of two requests with the same key, one charges and the other gets to know it. */
    private static final String CHARGE = """
            INSERT INTO gateway.charge (idempotency_key, reference, card, amount, currency)
            VALUES (:key, :reference, :card, :amount, :currency)
            ON CONFLICT (idempotency_key) DO UPDATE SET requests = charge.requests + 1
            RETURNING 'TX-' || transaction AS transaction, reference, amount, currency, requests
            """;

    private static final String RECOVER = "INSERT INTO gateway.recovery DEFAULT VALUES ON CONFLICT DO NOTHING";

    private static final String HAS_RECOVERED = "SELECT EXISTS (SELECT FROM gateway.recovery)";

    /** A charge as it stands in the ledger; {@code requests} counts how often it was asked for. */
    record Entry(String transaction, String reference, BigDecimal amount, String currency, int requests) {

        boolean isFor(Charge charge) {
            return reference.equals(charge.reference())
                    && amount.compareTo(charge.amount()) == 0
                    && currency.equals(charge.currency().getCurrencyCode());
        }
    }

    void create(Handle handle) {
        handle.createQuery(LOCK).mapToMap().one();
        handle.execute(CREATE_SCHEMA);
        handle.execute(CREATE_CHARGE);
        handle.execute(CREATE_RECOVERY);
    }

    /** Writes a charge down, unless one with this key is there; returns the one that is there then. */
    Entry charge(Handle handle, Charge charge, String key) {
        return handle.createQuery(CHARGE)
                .bind("key", key)
                .bind("reference", charge.reference())
                .bind("card", charge.card())
                .bind("amount", charge.amount())
                .bind("currency", charge.currency().getCurrencyCode())
                .map((row, context) -> new Entry(
                        row.getString("transaction"),
                        row.getString("reference"),
                        row.getBigDecimal("amount"),
                        row.getString("currency"),
                        row.getInt("requests")))
                .one();
    }

    void recover(Handle handle) {
        handle.execute(RECOVER);
    }

    boolean hasRecovered(Handle handle) {
        Optional<Boolean> recovered =
                handle.createQuery(HAS_RECOVERED).mapTo(Boolean.class).findOne();
        return recovered.orElse(false);
    }
}
