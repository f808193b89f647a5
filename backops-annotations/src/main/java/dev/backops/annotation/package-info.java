/**
 * The annotations with which an ordinary class becomes an operation.
 *
 * <p>They are read by the annotation processor at compile time and kept in class files only, so that incremental builds
 * see them; nothing looks at them at run time. The enums are those that calls at run time take as well.
 */
@NullMarked
package dev.backops.annotation;

import org.jspecify.annotations.NullMarked;
