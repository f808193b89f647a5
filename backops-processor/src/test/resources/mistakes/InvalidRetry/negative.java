package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Retry;
import dev.backops.annotation.Step;

@Operation(
        value = "fulfillment",
        retry = @Retry(
            maxAttempts = -1, // error: InvalidRetry
            jitter = -1)) // error: InvalidRetry
class Fulfillment {
    @Step void charge() {}
}
