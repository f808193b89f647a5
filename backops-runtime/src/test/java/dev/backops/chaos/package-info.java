/** Processes that run operations while everything around them breaks. */
@NullMarked
package dev.backops.chaos;

import org.jspecify.annotations.NullMarked;
