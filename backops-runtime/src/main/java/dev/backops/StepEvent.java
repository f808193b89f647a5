package dev.backops;

/**
 * An attempt at a step.
 *
 * @param operationId the operation
 * @param operation its stored name
 * @param step the stored name of the step
 * @param attempt the number of the attempt, from 1
 */
public record StepEvent(long operationId, String operation, String step, int attempt) {}
