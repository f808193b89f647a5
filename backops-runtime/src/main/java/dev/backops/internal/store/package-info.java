/**
 * All SQL, one class per table or view. A store opens neither handle nor transaction: the caller does, so that the call
 * site shows where the transaction begins. Every name is qualified with the schema once, when the store is built, since
 * statements also run on the connections of callers, whose {@code search_path} is theirs.
 */
@NullMarked
package dev.backops.internal.store;

import org.jspecify.annotations.NullMarked;
