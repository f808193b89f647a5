package dev.backops.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method as a step of its {@link Operation}: work that is recorded once it has returned, and then never repeated.
 *
 * <p>A step runs at least once: a crash between its return and its record makes it run again, with the same idempotency
 * key. Its parameters are wired by name and type from the components of {@code Params}, from the outputs of earlier
 * steps, the generated context, and {@code dev.backops.StepRun}.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Step {

    /**
     * The name under which the step is stored; by default that of the method.
     *
     * <p>Stored operations find their next step by it. Give it here when the method is renamed and the stored name is to
     * stay. A Java identifier; {@code main} and {@code end} are reserved.
     */
    String name() default "";

    /**
     * The name of the value that this step returns, under which later steps take it as a parameter; by default the
     * returned value is not kept.
     *
     * <p>The return type is then a simple type, and the returned value is not null unless the method is
     * {@code @Nullable} or returns {@link java.util.Optional}.
     */
    String output() default "";

    /** How often and when this step is tried again; by default as {@link Operation#retry()} says. */
    Retry retry() default @Retry;
}
