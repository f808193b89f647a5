package dev.backops.examples.guide;

import dev.backops.StepRun;
import dev.backops.annotation.Default;
import dev.backops.annotation.Formerly;
import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation(value = "subscriptions.renewal", formerly = "renew")
class Renewal {

    record Params(
            @Formerly("id") long subscriptionId,
            @Default("EU") String region) {}

    private final Shop shop;

    Renewal(Shop shop) {
        this.shop = shop;
    }

    @Step(formerly = "charge", output = "transactionId", outputFormerly = "tx")
    String chargeCard(long subscriptionId, StepRun run) {
        return shop.charge(subscriptionId, run.idempotencyKey());
    }

    @Step
    void sendReceipt(long subscriptionId, String region, String transactionId) {
        shop.mail(subscriptionId, transactionId + " in " + region);
    }

    @SuppressWarnings("BackOps/UnreachableBranch")
    @Step(branch = "retired")
    void setUp() {}
}
