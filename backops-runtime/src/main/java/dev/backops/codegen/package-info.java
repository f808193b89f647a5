/**
 * What generated code calls. Public because generated classes live in the packages of users; not meant to be called by
 * hand, and it may change with the processor of the same version.
 *
 * <p>A generated class describes its operation as an {@link dev.backops.codegen.OperationDefinition}, binds each step to
 * a {@link dev.backops.codegen.StepBody}, and converts values through {@link dev.backops.codegen.Field}s, without
 * reflection.
 */
@NullMarked
package dev.backops.codegen;

import org.jspecify.annotations.NullMarked;
