package dev.backops.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A branch beside {@code main} of an operation that lists action types. Its steps run in the order listed. */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({})
public @interface Branch {

    /** The name, which jumps and failures lead to: a Java identifier that names no step; not {@code main} or {@code end}. */
    String name();

    /** Names under which the branch was stored before {@link #name()}. */
    String[] formerly() default {};

    /** The action types, where each is used as it says itself. */
    Class<?>[] actions() default {};

    /** The same, where one is used under another name or with other settings. Not together with {@link #actions()}. */
    Use[] uses() default {};
}
