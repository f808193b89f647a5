package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.util.concurrent.*;

@Operation("fulfillment")
class Fulfillment {
    @Step(output = "transactionId")
    CompletableFuture<String> charge() { return null; } // error: AsyncStep
    @Step void send(String transactionId) {}
}
