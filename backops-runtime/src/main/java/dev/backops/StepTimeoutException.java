package dev.backops;

import org.jspecify.annotations.Nullable;

/**
 * A step took longer than its timeout, was interrupted, and ended with an exception, which is the cause. Stored with the
 * failed attempt; steps need not throw it.
 */
public final class StepTimeoutException extends BackOpsException {

    private static final long serialVersionUID = 1L;

    public StepTimeoutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
