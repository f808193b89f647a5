/** Steps that several operations share: each is a class of its own, an action type, which operations list. */
@NullMarked
package dev.backops.examples.actions;

import org.jspecify.annotations.NullMarked;
