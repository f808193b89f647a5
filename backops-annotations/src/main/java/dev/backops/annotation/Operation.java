package dev.backops.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a class whose {@link Step} methods, in source order unless they say otherwise, are the steps of one background job.
 *
 * <p>What an enqueue passes in is the nested record {@code Params}, or nothing where there is none. For an operation
 * class {@code Fulfillment} the processor generates {@code FulfillmentOperation} (enqueue, find, register), {@code
 * FulfillmentContext} (a getter per param and output), {@code FulfillmentStep} (an enum of the steps) and, where there are
 * branches beside {@code main}, {@code FulfillmentBranch} (an enum of the branches).
 *
 * <p>One object of the class serves all threads, so a step keeps nothing in fields.
 *
 * <pre>{@code
 * @Operation("subscriptions.fulfillment")
 * class Fulfillment {
 *   record Params(long subscriptionId) {}
 *
 *   @Step(output = "transactionId")
 *   String chargeCreditCard(long subscriptionId) { … }
 *
 *   @Step
 *   void sendReceipt(long subscriptionId, String transactionId) { … }
 * }
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Operation {

    /**
     * The name under which operations are stored, for example {@code "subscriptions.fulfillment"}.
     *
     * <p>Stored operations are found by it, so it stays when the class is renamed: 1 to 200 characters, letters,
     * digits, {@code _}, {@code -} and {@code .}, beginning with a letter. No two operations of an application share one.
     */
    String value();

    /**
     * How long one attempt of a step may take, for every step that does not say it itself, as an ISO-8601 duration such as
     * {@code "PT30S"}; by default as long as it likes. See {@link Step#timeout()}.
     */
    String timeout() default "";

    /** How often and when a failed step is tried again, for every step that does not say it itself. */
    Retry retry() default @Retry;
}
