/**
 * The annotations with which an ordinary class becomes an operation.
 *
 * <p>They are read by the annotation processor at compile time and kept in class files only, so that incremental builds
 * see them; nothing looks at them at run time.
 */
package dev.backops.annotation;
