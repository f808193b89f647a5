/** The smallest complete example: an operation of two steps, and a program that runs one. */
@NullMarked
package dev.backops.examples.quickstart;

import org.jspecify.annotations.NullMarked;
