package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Retry;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step(retry = @Retry(
        maxAttempts = 0 // error: InvalidRetry
    ))
    void charge() {}
}
