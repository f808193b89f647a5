/** JSON text to trees of JDK types and back; the only place that knows Jackson. */
@NullMarked
package dev.backops.internal.json;

import org.jspecify.annotations.NullMarked;
