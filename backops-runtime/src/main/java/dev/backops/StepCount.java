package dev.backops;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How many operations of a name stand at a step in a status; the same as a row of the view {@code counts}.
 *
 * @param name the stored name of the operations
 * @param status where they stand; never completed
 * @param step the step that is next, runs or failed, by its stored name; null behind the last one
 * @param operations how many
 * @param oldest when the oldest of them was enqueued
 */
public record StepCount(
        String name, Status status, @Nullable String step, long operations, Instant oldest) {}
