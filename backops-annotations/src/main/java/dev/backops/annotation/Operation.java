package dev.backops.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a class whose {@link Step} methods, in source order unless they say otherwise, are the steps of one background job;
 * or a class or interface that lists action types as its steps.
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
 *
 * <p><b>Action types</b> are steps that stand on their own, so that several operations can share them: classes or records
 * with exactly one {@link Step} method and no {@code @Operation}, in any package, module or jar that the processor has
 * compiled. An operation that lists them has no step methods itself:
 *
 * <pre>{@code
 * @Operation(
 *     value = "subscriptions.fulfillment",
 *     actions = {ChargeCreditCard.class, SendReceipt.class},
 *     branches = @Branch(name = "undo", actions = Apologise.class))
 * interface Fulfillment {
 *   record Params(long subscriptionId) {}
 * }
 *
 * class ChargeCreditCard {
 *   @Step(output = "transactionId", onFailure = "undo")
 *   String call(long subscriptionId) { … }
 * }
 *
 * backOps.register(FulfillmentOperation.steps(new ChargeCreditCard(…), new SendReceipt(…), new Apologise(…)));
 * }</pre>
 *
 * <p>The step of an action type bears the name of its class with a small first letter, {@code chargeCreditCard}, unless
 * {@link Step#name()} or {@link Use#name()} gives another. For each action type the processor generates {@code
 * ChargeCreditCardAction} beside it, through which operations elsewhere know and call it.
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
     * Names under which operations of this class were stored before {@link #value()}; they are found and run like those
     * stored under the present one. No other operation of the application has or had one of them.
     */
    String[] formerly() default {};

    /**
     * The params that make the key of an enqueue which gives none by {@code key(…)}, for example {@code {"customerId",
     * "month"}}; by default none.
     *
     * <p>An enqueue whose key is that of a stored operation of this name adds nothing and returns the id of that one, if its
     * params are equal, and is refused with a {@code KeyConflictException} otherwise. They are neither collections nor
     * {@link Sensitive}, since the key is stored and shown, and never missing. Not together with {@link Dedupe#SAME_PARAMS}.
     */
    String[] key() default {};

    /** For how long a key keeps others out, whether it is made of {@link #key()} or given at the call. */
    KeyScope keyScope() default KeyScope.FOREVER;

    /** What makes two enqueues the same. */
    Dedupe dedupe() default Dedupe.BY_KEY;

    /**
     * The queue whose workers run the operation: 1 to 200 characters, letters, digits, {@code _}, {@code -} and {@code .},
     * beginning with a letter.
     */
    String queue() default "default";

    /** The priority of an enqueue that gives none. */
    Priority priority() default Priority.NORMAL;

    /**
     * How long one attempt of a step may take, for every step that does not say it itself, as an ISO-8601 duration such as
     * {@code "PT30S"}; by default as long as it likes. See {@link Step#timeout()}.
     */
    String timeout() default "";

    /**
     * The names of all step methods in the order in which they run, where that is not to be the order of the source. A
     * step that is missing here is an error.
     */
    String[] steps() default {};

    /** The action types that are the steps of {@code main}, in the order in which they run. */
    Class<?>[] actions() default {};

    /**
     * The same, where one of them is used more than once or otherwise than it says itself. Not together with {@link
     * #actions()}, so that one list holds the whole order.
     */
    Use[] uses() default {};

    /** The branches beside {@code main}, where action types are listed. */
    Branch[] branches() default {};

    /** How often and when a failed step is tried again, for every step that does not say it itself. */
    Retry retry() default @Retry;
}
