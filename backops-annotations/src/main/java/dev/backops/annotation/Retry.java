package dev.backops.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How often a failing step is tried, and how long it waits in between.
 *
 * <p>Before attempt {@code n + 1} a step waits {@code backoff × multiplier^(n - 1)}, at most {@link #maxBackoff()}, made
 * up to {@link #jitter()} shorter or longer by chance, so that operations that failed together do not come back together.
 * Every exception leads to another attempt except {@code dev.backops.StepAbortedException} and those in {@link #abortOn()}.
 * Once the last attempt has failed, the operation is {@code failed} and waits for someone to resume it.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({})
public @interface Retry {

    /** All attempts, the first one included: at least 1. */
    int maxAttempts() default 10;

    /** The wait after the first failed attempt, as an ISO-8601 duration such as {@code "PT2S"}; zero or more. */
    String backoff() default "PT1S";

    /** By what the wait grows with each attempt: at least 1. */
    double multiplier() default 2;

    /** The longest wait, as an ISO-8601 duration; not shorter than {@link #backoff()}. */
    String maxBackoff() default "PT1H";

    /** The share of the wait that chance adds or takes away: from 0 to 1. */
    double jitter() default 0.2;

    /** Exceptions, subclasses included, after which another attempt is useless: the step has failed for good. */
    Class<? extends Throwable>[] abortOn() default {};
}
