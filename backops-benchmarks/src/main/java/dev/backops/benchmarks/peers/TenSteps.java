package dev.backops.benchmarks.peers;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

/** Ten steps of BackOps without an output. */
@Operation("benchmarks.ten-steps")
class TenSteps {

    record Params(long number) {}

    private final Steps steps;

    TenSteps(Steps steps) {
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

    @Step
    void step4(long number) throws InterruptedException {
        steps.run(number, 4);
    }

    @Step
    void step5(long number) throws InterruptedException {
        steps.run(number, 5);
    }

    @Step
    void step6(long number) throws InterruptedException {
        steps.run(number, 6);
    }

    @Step
    void step7(long number) throws InterruptedException {
        steps.run(number, 7);
    }

    @Step
    void step8(long number) throws InterruptedException {
        steps.run(number, 8);
    }

    @Step
    void step9(long number) throws InterruptedException {
        steps.run(number, 9);
    }

    @Step
    void step10(long number) throws InterruptedException {
        steps.run(number, 10);
    }
}
