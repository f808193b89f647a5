package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.util.concurrent.CompletableFuture;

@Operation("fulfillment")
class Fulfillment {
    @Step
    CompletableFuture<Void> charge() { return null; } // error: AsyncStep
}
