package dev.backops;

import java.time.Instant;

/**
 * How many operations of a name stand at a step in a status; the same as a row of the view {@code counts}.
 *
 * @param name the stored name of the operations
 * @param status where they stand; never completed, compensated or cancelled
 * @param step the step that is next, runs or failed, by its stored name
 * @param operations how many
 * @param oldest when the oldest of them was enqueued
 */
public record StepCount(String name, Status status, String step, long operations, Instant oldest) {}
