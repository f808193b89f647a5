/** The code of the pages in docs/, compiled and run. */
@NullMarked
package dev.backops.examples.guide;

import org.jspecify.annotations.NullMarked;
