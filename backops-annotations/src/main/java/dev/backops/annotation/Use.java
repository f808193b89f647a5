package dev.backops.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * One use of an action type in an operation: what is not given here is as {@link Step} says in the action type.
 *
 * <p>It stands in {@link Operation#uses()} or {@link Branch#uses()}, the list for operations that use an action type more
 * than once, or otherwise than it says itself:
 *
 * <pre>{@code
 * @Operation(
 *     value = "subscriptions.fulfillment",
 *     uses = {
 *       @Use(ChargeCreditCard.class),
 *       @Use(SendMail.class),
 *       @Use(value = SendMail.class, name = "sendReminder", delay = "PT24H")
 *     })
 * interface Fulfillment {
 *   record Params(long subscriptionId) {}
 * }
 * }</pre>
 *
 * <p>{@code FulfillmentOperation.steps(…)} takes one object per action type, however often that is used.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({})
public @interface Use {

    /** The action type. */
    Class<?> value();

    /** The name under which the step is stored here; needed from the second use of an action type on. */
    String name() default "";

    /** Names under which the step was stored here before {@link #name()}. */
    String[] formerly() default {};

    /** The name of the output, or the prefix of the names of the outputs, here. */
    String output() default "";

    /** Names under which the output was stored here before {@link #output()}. */
    String[] outputFormerly() default {};

    /** Where the step may jump here; {@code {}} for nowhere. */
    String[] jumpsTo() default {};

    /** What follows the step here; {@code ""} for the next step of the branch. */
    String then() default "";

    /** The branch that runs here once the step has failed for good; {@code ""} for none. */
    String onFailure() default "";

    /** How long after the previous step it runs here, in place of any {@link Step#delay()} and {@link Step#at()}. */
    String delay() default "";

    /** The param or output that says when it runs here, in place of any {@link Step#delay()} and {@link Step#at()}. */
    String at() default "";

    /** How long one attempt may take here, as an ISO-8601 duration; {@code ""} for what the operation says. */
    String timeout() default "";

    /** How often and when the step is tried again here. */
    Retry retry() default @Retry;
}
