package dev.backops.benchmarks.peers;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Retry;
import dev.backops.annotation.Step;

/** Three steps of BackOps without an output. */
@Operation(value = "benchmarks.three-steps", retry = @Retry(backoff = "PT0.1S"))
class ThreeSteps {

    record Params(long number) {}

    private final Steps steps;

    ThreeSteps(Steps steps) {
        this.steps = steps;
    }

    @Step
    void step1(long number) throws InterruptedException {
        steps.run(number, 1);
    }

    @Step
    void step2(long number) throws InterruptedException {
        steps.run(number, 2);
    }

    @Step
    void step3(long number) throws InterruptedException {
        steps.run(number, 3);
    }
}
