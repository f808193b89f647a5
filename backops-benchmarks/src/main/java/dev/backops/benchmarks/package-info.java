/** What an operation costs, measured on a PostgreSQL that commits durably. */
@NullMarked
package dev.backops.benchmarks;

import org.jspecify.annotations.NullMarked;
