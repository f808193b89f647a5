package dev.backops.examples.actions;

import dev.backops.annotation.Step;
import java.util.List;

/** Mails a customer about a payment. */
public class SendMail {

    private final List<String> outbox;

    public SendMail(List<String> outbox) {
        this.outbox = outbox;
    }

    @Step
    void call(long customerId, String paymentId) {
        outbox.add("To " + customerId + ": " + paymentId);
    }
}
