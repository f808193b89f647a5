package dev.backops.examples.guide;

import dev.backops.StepAbortedException;
import dev.backops.StepRun;
import dev.backops.annotation.Operation;
import dev.backops.annotation.Retry;
import dev.backops.annotation.Step;
import java.time.Instant;

@Operation(value = "subscriptions.trial", timeout = "PT1M", retry = @Retry(maxAttempts = 5))
class Trial {

    record Params(long customerId, Instant endsAt) {}

    private final Shop shop;

    Trial(Shop shop) {
        this.shop = shop;
    }

    @Step
    void welcome(long customerId) {
        shop.mail(customerId, "Welcome");
    }

    @Step(delay = "PT24H")
    void sendTips(long customerId) {
        if (customerId == 13) {
            throw new StepAbortedException("Customer 13 wants no mail");
        }
        shop.mail(customerId, "Tips");
    }

    @Step(
            at = "endsAt",
            timeout = "PT30S",
            retry = @Retry(maxAttempts = 3, backoff = "PT10S", abortOn = CardDeclinedException.class))
    void charge(long customerId, StepRun run) {
        shop.charge(customerId, run.idempotencyKey());
    }
}
