/** What an operation costs, measured beside the peers of BackOps on the same database. */
@NullMarked
package dev.backops.benchmarks;

import org.jspecify.annotations.NullMarked;
