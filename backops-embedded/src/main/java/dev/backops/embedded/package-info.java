/** A real PostgreSQL that starts from a jar, for development, examples and tests. */
@NullMarked
package dev.backops.embedded;

import org.jspecify.annotations.NullMarked;
