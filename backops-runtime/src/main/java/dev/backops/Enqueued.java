package dev.backops;

/**
 * The answer to an enqueue.
 *
 * @param id the operation's id
 * @param added false if an operation with the same name and key was there already, whose id this is
 */
public record Enqueued(long id, boolean added) {}
