package dev.backops;

import org.jspecify.annotations.Nullable;

/**
 * A transactional step did to its handle or connection what is not for a step to do: its transaction belongs to BackOps,
 * which commits it together with the record of the step. The attempt fails.
 */
public final class StepTransactionException extends BackOpsException {

    private static final long serialVersionUID = 1L;

    public StepTransactionException(String message) {
        super(message);
    }

    public StepTransactionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
