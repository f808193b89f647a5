package dev.backops.codegen;

import dev.backops.StepRun;
import org.jdbi.v3.core.Handle;

/** Calls one step of a user's class, in the transaction that will hold its record. */
@FunctionalInterface
public interface TransactionalStepBody {

    /**
     * Runs the step.
     *
     * @param values params and the outputs set so far
     * @param handle open, in a transaction; the engine commits it or rolls it back
     * @throws Exception whatever the user's method throws
     */
    StepResult call(Values values, StepRun run, Handle handle) throws Exception;
}
