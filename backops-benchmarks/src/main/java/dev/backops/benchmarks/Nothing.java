package dev.backops.benchmarks;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

/** Three steps that do nothing, so that all that is measured is what BackOps adds. */
@Operation("benchmarks.nothing")
class Nothing {

    record Params(long number) {}

    @Step
    void first(long number) {}

    @Step
    void second(long number) {}

    @Step
    void third(long number) {}
}
