/**
 * What an application uses at run time: {@link dev.backops.BackOps} runs operations, the generated classes enqueue them,
 * {@link dev.backops.Operations} looks at them and resumes them.
 *
 * <p>Everything is recorded in the application's own PostgreSQL, in a schema of its own. Exceptions are unchecked and
 * extend {@link dev.backops.BackOpsException}; none of their messages holds the value of a param or an output.
 */
@NullMarked
package dev.backops;

import org.jspecify.annotations.NullMarked;
