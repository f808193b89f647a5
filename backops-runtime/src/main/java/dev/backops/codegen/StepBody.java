package dev.backops.codegen;

import dev.backops.StepRun;

/** Calls one step of a user's class. */
@FunctionalInterface
public interface StepBody {

    /**
     * Runs the step.
     *
     * @param values params and the outputs set so far
     * @throws Exception whatever the user's method throws
     */
    StepResult call(Values values, StepRun run) throws Exception;
}
