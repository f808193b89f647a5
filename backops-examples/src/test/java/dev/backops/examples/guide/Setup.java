package dev.backops.examples.guide;

import dev.backops.StepRun;
import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("subscriptions.setup")
class Setup {

    record Params(long customerId, String plan) {}

    enum Color {
        RED,
        BLUE
    }

    private final Shop shop;

    Setup(Shop shop) {
        this.shop = shop;
    }

    @Step(onFailure = "undo")
    void chargeCard(long customerId, StepRun run) {
        shop.charge(customerId, run.idempotencyKey());
    }

    @Step(jumpsTo = {"red", "blue"})
    Color chooseColor(String plan) {
        return plan.equals("gold") ? Color.RED : Color.BLUE;
    }

    @Step(branch = "red", output = "account")
    long openRedAccount() {
        return shop.openAccount("red");
    }

    @Step(branch = "blue", output = "account")
    long openBlueAccount() {
        return shop.openAccount("blue");
    }

    @Step(onFailure = "undo")
    void sendReceipt(long customerId, long account) {
        shop.mail(customerId, "account " + account);
    }

    @Step(branch = "undo")
    void refund(StepRun run) {
        shop.refund(run.idempotencyKey("chargeCard"));
    }
}
