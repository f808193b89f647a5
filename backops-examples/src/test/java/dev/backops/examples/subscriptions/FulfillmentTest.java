package dev.backops.examples.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backops.StepRun;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Steps are methods: a test calls them. */
class FulfillmentTest {

    private static final Currency EUR = Currency.getInstance("EUR");
    private static final BigDecimal AMOUNT = new BigDecimal("29.00");

    private final List<String> calls = new ArrayList<>();
    private final Fulfillment fulfillment = new Fulfillment(
            (charge, key) -> {
                calls.add("charge " + charge.reference() + " " + charge.card() + " " + charge.amount() + " "
                        + charge.currency() + " with key " + key);
                return "TX-1";
            },
            new RecordingAccounts(),
            (address, subject, text) -> calls.add("mail " + address + ": " + subject + ": " + text));

    @Test
    void chargeCreditCard_givesTheGatewayTheKeyOfTheRun() {
        StepRun run = StepRun.forTest();

        String transaction = fulfillment.chargeCreditCard(42, "visa-4242", AMOUNT, EUR, run);

        assertThat(transaction).isEqualTo("TX-1");
        assertThat(calls)
                .containsExactly("charge subscription-42 visa-4242 29.00 EUR with key " + run.idempotencyKey());
    }

    @Test
    void setUpAccount_returnsItsNumber() {
        assertThat(fulfillment.setUpAccount(42, "ada@example.com", Plan.PRO)).isEqualTo("P-42");
    }

    @Test
    void sendReceipt_namesTheTransactionAndTheAccount() {
        fulfillment.sendReceipt("ada@example.com", AMOUNT, EUR, "TX-1", "P-42");

        assertThat(calls)
                .containsExactly("mail ada@example.com: Your receipt TX-1:"
                        + " We received EUR 29.00 for the account P-42. Thank you!");
    }

    @Test
    void scheduleReminder_leavesTwoWeeksToDecide() {
        LocalDate reminderOn = fulfillment.scheduleReminder("P-42", LocalDate.of(2027, 5, 7));

        assertThat(reminderOn).isEqualTo("2027-04-23");
        assertThat(calls).containsExactly("remind P-42 on 2027-04-23");
    }

    @Test
    void params_thatCannotBeFulfilled_areRefused() {
        assertThatThrownBy(() -> params(new BigDecimal("-29.00"))).hasMessageContaining("must be positive");
        assertThatThrownBy(() -> params(new BigDecimal("29.005"))).hasMessageContaining("more decimals");
        assertThat(params(new BigDecimal("29.0000")).amount()).isEqualByComparingTo("29");
    }

    private static Fulfillment.Params params(BigDecimal amount) {
        return new Fulfillment.Params(
                42, "ada@example.com", Plan.PRO, amount, EUR, "visa-4242", LocalDate.of(2027, 5, 7));
    }

    private final class RecordingAccounts implements Accounts {

        @Override
        public String open(long subscriptionId, String email, Plan plan) {
            return plan.name().charAt(0) + "-" + subscriptionId;
        }

        @Override
        public void remind(String accountNumber, LocalDate day) {
            calls.add("remind " + accountNumber + " on " + day);
        }
    }
}
