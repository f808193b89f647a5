package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment { // ecj error: NotSimple
    static class Subscription { long id; }
    record Params(
        long subscriptionId,
        Subscription subscription) {} // javac error: NotSimple
    @Step void charge(long subscriptionId) {}
}
