/** What tests share: a database each, and an operation written by hand as the processor would write it. */
@NullMarked
package dev.backops.testkit;

import org.jspecify.annotations.NullMarked;
