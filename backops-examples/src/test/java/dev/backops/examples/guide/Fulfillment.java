package dev.backops.examples.guide;

import dev.backops.StepRun;
import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.util.Optional;

@Operation("subscriptions.fulfillment")
class Fulfillment {

    record Params(long subscriptionId, String plan, Optional<String> voucher) {
        Params {
            if (subscriptionId <= 0) {
                throw new IllegalArgumentException("the subscription must be positive, but is " + subscriptionId);
            }
        }
    }

    record Account(long number, String login) {}

    private final Shop shop;

    Fulfillment(Shop shop) {
        this.shop = shop;
    }

    @Step(output = "transactionId")
    String chargeCard(long subscriptionId, StepRun run) {
        return shop.charge(subscriptionId, run.idempotencyKey());
    }

    @Step(output = "account")
    Account openAccount(String plan, Optional<String> voucher) {
        return new Account(shop.openAccount(plan), voucher.orElse("nobody"));
    }

    @Step
    void sendReceipt(long subscriptionId, String transactionId, long accountNumber) {
        shop.mail(subscriptionId, transactionId + " for account " + accountNumber);
    }
}
