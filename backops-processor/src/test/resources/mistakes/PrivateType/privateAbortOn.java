package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Retry;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    private static class Declined extends RuntimeException {}
    @Step(retry = @Retry(abortOn = { // ecj error: PrivateType
        IllegalStateException.class,
        Declined.class // javac error: PrivateType
    }))
    void charge() {}
}
