package dev.backops;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One failed attempt at a step, kept for ever; the same as a row of the view {@code failures}.
 *
 * @param operationId the operation
 * @param step the stored name of the step
 * @param attempt the number of the attempt, from 1; it begins again when an operation is resumed
 * @param errorClass the class of the exception
 * @param message its message, cut to 10,000 characters, or null
 * @param frame the place in the application where the innermost cause began, or null where none is known
 * @param stackTrace the trace with all causes, cut to 100,000 characters
 * @param failedAt when it was recorded, by the database's clock
 * @param worker the id of the worker that ran it
 */
public record FailureInfo(
        long operationId,
        String step,
        int attempt,
        String errorClass,
        @Nullable String message,
        @Nullable String frame,
        String stackTrace,
        Instant failedAt,
        long worker) {}
