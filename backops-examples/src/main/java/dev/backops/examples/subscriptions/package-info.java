/** Fulfilling subscriptions: a job that must charge once, whatever crashes on the way. */
@NullMarked
package dev.backops.examples.subscriptions;

import org.jspecify.annotations.NullMarked;
