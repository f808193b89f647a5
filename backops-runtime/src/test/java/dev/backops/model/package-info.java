/**
 * A small pure model of what operations do, and random sequences of commands that are run against it and against the real
 * runtime, which must agree after each.
 */
@NullMarked
package dev.backops.model;

import org.jspecify.annotations.NullMarked;
