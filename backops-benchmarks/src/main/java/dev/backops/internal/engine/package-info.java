/** What the parts cost that need no database, measured from within their package. */
@NullMarked
package dev.backops.internal.engine;

import org.jspecify.annotations.NullMarked;
