package dev.backops.examples.actions;

import dev.backops.annotation.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Mails a customer, about a payment where there is one. */
public class SendMail {

    private final List<String> outbox;

    public SendMail(List<String> outbox) {
        this.outbox = outbox;
    }

    @Step
    void call(long customerId, @Nullable String paymentId) {
        outbox.add("To " + customerId
                + (paymentId == null ? ": welcome" : ": paid, " + paymentId.substring(0, paymentId.indexOf('-'))));
    }
}
