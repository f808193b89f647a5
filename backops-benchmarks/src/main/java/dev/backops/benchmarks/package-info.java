/** What operations cost where they are compiled; what they cost where they run is in the package {@code peers}. */
@NullMarked
package dev.backops.benchmarks;

import org.jspecify.annotations.NullMarked;
