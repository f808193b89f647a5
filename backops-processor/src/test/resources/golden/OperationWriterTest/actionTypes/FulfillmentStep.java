package demo;

import dev.backops.StepName;
import javax.annotation.processing.Generated;

/**
 * The steps of {@link Fulfillment}, in their order.
 */
@Generated("dev.backops.processor.BackOpsProcessor")
public enum FulfillmentStep implements StepName {
    CHARGE_CREDIT_CARD("chargeCreditCard"),

    SEND_MAIL("sendMail"),

    SEND_REMINDER("sendReminder"),

    SAY_SORRY("saySorry");

    private final String stepName;

    FulfillmentStep(String stepName) {
        this.stepName = stepName;
    }

    /**
     * The name under which the step is stored.
     */
    public String stepName() {
        return stepName;
    }
}
