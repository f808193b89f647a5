/**
 * The world around the example: a payment gateway, accounts and a mail server that take their time and misbehave, each in
 * the same way on every run, so that what the example shows can be looked up in its file.
 */
@NullMarked
package dev.backops.examples.subscriptions.simulation;

import org.jspecify.annotations.NullMarked;
