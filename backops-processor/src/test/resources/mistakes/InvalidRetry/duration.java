package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Retry;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step(retry = @Retry(maxAttempts = 3,
        backoff = "5s")) // error: InvalidRetry
    void charge() {}
}
