package dev.backops.benchmarks.peers;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

/** Three steps of BackOps with an output each. */
@Operation("benchmarks.large-outputs")
class LargeOutputs {

    record Params(long number) {}

    private final Steps steps;

    LargeOutputs(Steps steps) {
        this.steps = steps;
    }

    @Step(output = "output1")
    String step1(long number) throws InterruptedException {
        return steps.run(number, 1);
    }

    @Step(output = "output2")
    String step2(long number) throws InterruptedException {
        return steps.run(number, 2);
    }

    @Step(output = "output3")
    String step3(long number) throws InterruptedException {
        return steps.run(number, 3);
    }
}
