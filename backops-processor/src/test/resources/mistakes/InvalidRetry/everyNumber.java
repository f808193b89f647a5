package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import dev.backops.annotation.Retry;

@Operation("fulfillment")
class Fulfillment {
    @Step(retry = @Retry(
        maxAttempts = -1, // error: InvalidRetry
        backoff = "2s", // error: InvalidRetry
        multiplier = 0.5, // error: InvalidRetry
        jitter = 20)) // error: InvalidRetry
    void charge() {}
}
