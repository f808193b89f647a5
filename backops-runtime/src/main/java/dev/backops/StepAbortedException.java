package dev.backops;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a step that knows another attempt to be useless: the step has failed for good, and the operation with it.
 * Its message is stored with the failure.
 */
public class StepAbortedException extends BackOpsException {

    private static final long serialVersionUID = 1L;

    public StepAbortedException(String message) {
        super(message);
    }

    public StepAbortedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
