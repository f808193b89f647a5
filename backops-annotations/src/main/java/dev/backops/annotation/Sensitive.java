package dev.backops.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Keeps a value out of logs, messages, views and pages: a component of {@code Params}, a component of a record of outputs,
 * or, at a step, all that it returns. At the component of a record of one, which is stored as that component, it holds for
 * every param and output of that type.
 *
 * <p>The value itself is stored in the tables, steps take it like any other, and it can be searched by. What code does with
 * it is the code's own business: the {@code toString} of a record shows it, and so does the message of an exception that
 * mentions it. It cannot be part of {@link Operation#key()}, which is stored and shown.
 *
 * <pre>{@code
 * record Params(long customerId, @Sensitive(eraseAtEnd = true) String iban) {}
 *
 * @Step(output = "accessToken")
 * @Sensitive
 * String logIn(long customerId) { … }
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.RECORD_COMPONENT, ElementType.METHOD})
public @interface Sensitive {

    /** Whether the value is removed from the tables when the operation ends, whatever its outcome. */
    boolean eraseAtEnd() default false;
}
