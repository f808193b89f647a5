package dev.backops.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The names that a component of {@code Params}, or of a record of outputs, had before, so that operations which were stored
 * under them are still found and run.
 *
 * <p>It can go once no such operation is left. What else is stored by name says it beside the name: {@link
 * Operation#formerly()}, {@link Step#formerly()}, {@link Step#branchFormerly()} and {@link Step#outputFormerly()}.
 *
 * <pre>{@code
 * record Params(@Formerly("userId") long customerId) {}
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.RECORD_COMPONENT)
public @interface Formerly {

    /** Names that no other param or output has or had. */
    String[] value();
}
