package dev.backops;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One step of an operation: run, planned, or passed over; the same as a row of the view {@code steps}.
 *
 * @param seq its place in the history of the operation, from 0; those that were passed over come behind all others
 * @param name the stored name
 * @param status where it stands
 * @param attempts all attempts of a completed step; of another one those that failed
 * @param startedAt when the attempt that completed it began, or null
 * @param finishedAt when it ended, or null
 * @param duration how long that attempt took, or null
 * @param errorClass the class of the last error of a step that is not completed, or null
 * @param errorMessage its message, or null
 * @param stackTrace its stack trace with all causes, or null
 */
public record StepInfo(
        int seq,
        String name,
        StepStatus status,
        int attempts,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Duration duration,
        @Nullable String errorClass,
        @Nullable String errorMessage,
        @Nullable String stackTrace) {}
