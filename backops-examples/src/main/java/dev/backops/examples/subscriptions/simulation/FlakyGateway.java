package dev.backops.examples.subscriptions.simulation;

import dev.backops.examples.subscriptions.CardDeclinedException;
import dev.backops.examples.subscriptions.GatewayTimeoutException;
import dev.backops.examples.subscriptions.PaymentGateway;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/**
 * A payment gateway that behaves as real ones do, the unpleasant parts included. The card decides, as with the test cards
 * of real gateways:
 *
 * <pre>
 * maestro-….   cannot be reached until the gateway {@linkplain #recover recovers}
 * ….-0002      declined: do not honour
 * ….-0069      declined: expired card
 * ….-9995      declined: insufficient funds
 * ….-3220      charged, but the first answer gets lost
 * others       charged
 * </pre>
 *
 * <p>It keeps a ledger in the schema {@code gateway}, where the example's reader can look up that nobody was charged twice.
 * The ledger would take a second charge of the same subscription: it knows idempotency keys, not subscriptions.
 */
public final class FlakyGateway implements PaymentGateway {

    private static final Duration ANSWER_TIME = Duration.ofMillis(30);
    private static final Duration TIMEOUT = Duration.ofMillis(100);

    private static final Map<String, String> DECLINED =
            Map.of("0002", "do not honour", "0069", "expired card", "9995", "insufficient funds");

    private final Jdbi jdbi;
    private final Ledger ledger = new Ledger();

    private FlakyGateway(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Opens the gateway on a database, where it creates its ledger unless it is there. */
    public static FlakyGateway open(DataSource dataSource) {
        FlakyGateway gateway = new FlakyGateway(Jdbi.create(dataSource));
        gateway.jdbi.useTransaction(gateway.ledger::create);
        return gateway;
    }

    @Override
    public String charge(Charge charge, String idempotencyKey) {
        try {
            connect(charge.card());
            Latency.simulate(ANSWER_TIME, charge.reference());
            approve(charge.card());
            Ledger.Entry entry = jdbi.inTransaction(handle -> ledger.charge(handle, charge, idempotencyKey));
            if (!entry.isFor(charge)) {
                throw new IllegalArgumentException("The idempotency key was used for another charge");
            }
            return receive(charge.card(), entry);
        } catch (SocketTimeoutException e) {
            throw new GatewayTimeoutException("The payment gateway did not answer in " + TIMEOUT.toMillis() + " ms", e);
        }
    }

    /** Ends the outage, for every program on this database and for good. */
    public void recover() {
        jdbi.useTransaction(ledger::recover);
    }

    private void connect(String card) throws SocketTimeoutException {
        if (card.startsWith("maestro-") && !jdbi.withHandle(ledger::hasRecovered)) {
            Latency.simulate(TIMEOUT);
            throw new SocketTimeoutException("Connect timed out");
        }
    }

    private static void approve(String card) {
        String reason = DECLINED.get(lastDigits(card));
        if (reason != null) {
            throw new CardDeclinedException("Declined by the bank: " + reason);
        }
    }

    private static String receive(String card, Ledger.Entry entry) throws SocketTimeoutException {
        if (lastDigits(card).equals("3220") && entry.requests() == 1) {
            Latency.simulate(TIMEOUT);
            throw new SocketTimeoutException("Read timed out");
        }
        return entry.transaction();
    }

    private static String lastDigits(String card) {
        return card.substring(card.lastIndexOf('-') + 1);
    }
}
