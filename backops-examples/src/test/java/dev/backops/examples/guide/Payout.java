package dev.backops.examples.guide;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Sensitive;
import dev.backops.annotation.Step;

@Operation("payments.payout")
class Payout {

    record Params(
            long customerId, @Sensitive(eraseAtEnd = true) String iban) {}

    private final Shop shop;

    Payout(Shop shop) {
        this.shop = shop;
    }

    @Step(output = "accessToken")
    @Sensitive
    String logIn(long customerId) {
        return "token-of-" + customerId;
    }

    @Step
    void pay(String iban, String accessToken) {
        shop.refund(iban + " by " + accessToken);
    }
}
