/** The part of BackOps that runs in the compiler: it proves that an operation can be resumed, and writes its typed calls. */
@NullMarked
package dev.backops.processor;

import org.jspecify.annotations.NullMarked;
