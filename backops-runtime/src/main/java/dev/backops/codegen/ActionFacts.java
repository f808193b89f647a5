package dev.backops.codegen;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What the source of an action type says and its class file does not. It stands on the generated method that calls the step,
 * where the processor reads it when it compiles an operation elsewhere.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface ActionFacts {

    /** The names of the step's parameters, in their order. */
    String[] parameters() default {};

    /** Those of them that are {@code @Nullable}. */
    String[] nullableParameters() default {};

    /** Whether what the step returns is {@code @Nullable}. */
    boolean nullableResult() default false;

    /** The components of a returned record that are {@code @Nullable}. */
    String[] nullableComponents() default {};
}
