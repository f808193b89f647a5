package dev.backops.examples.subscriptions;

import dev.backops.StepRun;
import dev.backops.annotation.Operation;
import dev.backops.annotation.Retry;
import dev.backops.annotation.Step;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Currency;

/**
 * Everything that happens once somebody has subscribed.
 *
 * <p>The methods are the steps, in this order. What a step returns is stored when it is done, under the name of its output,
 * and a later step takes it as a parameter of that name. A step that is done never runs again; one that fails is tried again.
 */
@Operation("subscriptions.fulfillment")
public class Fulfillment {

    private static final int DAYS_TO_DECIDE = 14;

    /** What an enqueue passes in. It is checked there and then, not when the steps run. */
    public record Params(
            long subscriptionId,
            String email,
            Plan plan,
            BigDecimal amount,
            Currency currency,
            String card,
            LocalDate renewsOn) {

        public Params {
            require(subscriptionId > 0, "the subscription id must be positive, but is " + subscriptionId);
            require(amount.signum() > 0, "the amount must be positive, but is " + amount);
            require(
                    amount.stripTrailingZeros().scale() <= currency.getDefaultFractionDigits(),
                    "the amount " + amount + " has more decimals than " + currency);
        }

        private static void require(boolean condition, String otherwise) {
            if (!condition) {
                throw new IllegalArgumentException(otherwise);
            }
        }
    }

    private final PaymentGateway gateway;
    private final Accounts accounts;
    private final Mailer mailer;

    public Fulfillment(PaymentGateway gateway, Accounts accounts, Mailer mailer) {
        this.gateway = gateway;
        this.accounts = accounts;
        this.mailer = mailer;
    }

    /**
     * Takes the money, once: an attempt whose answer was lost is repeated with the same idempotency key, and so is one that
     * was cut off by a crash. A declined card is final, so nobody is asked again.
     */
    @Step(
            output = "transactionId",
            retry = @Retry(maxAttempts = 3, backoff = "PT0.2S", abortOn = CardDeclinedException.class))
    String chargeCreditCard(long subscriptionId, String card, BigDecimal amount, Currency currency, StepRun run) {
        PaymentGateway.Charge charge =
                new PaymentGateway.Charge("subscription-" + subscriptionId, card, amount, currency);
        return gateway.charge(charge, run.idempotencyKey());
    }

    @Step(output = "accountNumber")
    String setUpAccount(long subscriptionId, String email, Plan plan) {
        return accounts.open(subscriptionId, email, plan);
    }

    @Step(retry = @Retry(maxAttempts = 4, backoff = "PT0.3S", abortOn = MailboxClosedException.class))
    void sendReceipt(String email, BigDecimal amount, Currency currency, String transactionId, String accountNumber) {
        mailer.send(
                email,
                "Your receipt " + transactionId,
                "We received %s %s for the account %s. Thank you!".formatted(currency, amount, accountNumber));
    }

    @Step(output = "reminderOn")
    LocalDate scheduleReminder(String accountNumber, LocalDate renewsOn) {
        LocalDate reminderOn = renewsOn.minusDays(DAYS_TO_DECIDE);
        accounts.remind(accountNumber, reminderOn);
        return reminderOn;
    }
}
