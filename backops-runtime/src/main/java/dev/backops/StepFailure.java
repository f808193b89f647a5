package dev.backops;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of a failed attempt.
 *
 * @param errorClass the class of the exception
 * @param message its message, or null
 * @param retryIn how long until the next attempt; empty if there is none
 */
public record StepFailure(String errorClass, @Nullable String message, Optional<Duration> retryIn) {}
