/**
 * Fulfilling subscriptions: a job that charges once, whatever crashes on the way.
 *
 * <p>{@link dev.backops.examples.subscriptions.Fulfillment} is the operation, written as an application would write it: it
 * knows its collaborators as interfaces, and what runs, retries and resumes it is not its business. {@link
 * dev.backops.examples.subscriptions.FulfillSubscriptions} is the program that reads a file of subscriptions, enqueues an
 * operation for each, and shows what becomes of them. The world around it is played by the package {@code simulation}.
 */
@NullMarked
package dev.backops.examples.subscriptions;

import org.jspecify.annotations.NullMarked;
