package dev.backops.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method as a step of its {@link Operation}: work that is recorded once it has returned, and then never repeated.
 *
 * <p>The only step of a class without {@code @Operation} makes that class an action type, which operations list.
 *
 * <p>A step runs at least once: a crash between its return and its record makes it run again, with the same idempotency
 * key. Its parameters are wired by name and type from the components of {@code Params}, from the outputs of earlier
 * steps, the generated context, and {@code dev.backops.StepRun}. An output is taken as it is where every path to the step
 * sets it, and otherwise as {@code @Nullable} or {@link java.util.Optional}.
 *
 * <p>A step that takes a Jdbi {@code Handle} or a {@code java.sql.Connection}, one of them and once, is transactional: it
 * writes in the transaction that records it, so that its writes take effect exactly once, with its outputs. The transaction
 * is committed when the step returns and rolled back when it throws; the step itself neither commits nor closes.
 *
 * <p>Steps run in source order unless they say otherwise:
 *
 * <pre>{@code
 * enum Setup { RED, BLUE }
 *
 * @Step(output = "transactionId", onFailure = "undo")
 * String chargeCreditCard(long subscriptionId) { … }
 *
 * @Step(jumpsTo = {"red", "blue"})
 * Setup chooseSetup(long subscriptionId) { … }
 *
 * @Step(branch = "red", output = "plan")
 * String setUpRed(long subscriptionId) { … }
 *
 * @Step(branch = "blue", output = "plan")
 * String setUpBlue(long subscriptionId) { … }
 *
 * @Step
 * void sendReceipt(String transactionId, String plan) { … }
 *
 * @Step(branch = "undo")
 * void apologise(long subscriptionId) { … }
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Step {

    /**
     * The name under which the step is stored; by default that of the method, and for an action type that of its class with
     * a small first letter.
     *
     * <p>Stored operations find their next step by it. Give it here when the method is renamed and the stored name is to
     * stay. A Java identifier; {@code main} and {@code end} are reserved.
     */
    String name() default "";

    /**
     * Names under which the step was stored before {@link #name()}, so that operations which are to go on with one of them
     * go on with this step. No other step or branch has or had one of them.
     */
    String[] formerly() default {};

    /**
     * The name of the value that this step returns, under which later steps take it as a parameter; by default the
     * returned value is not kept.
     *
     * <p>The return type is then a simple type, and the returned value is not null unless the method is
     * {@code @Nullable} or returns {@link java.util.Optional}; a missing one leaves the output unset, even if it was set
     * before.
     *
     * <p>A step that returns a record of simple types sets one output per component, named as that: {@code record
     * Fee(long feeId, int feeCents)} sets {@code feeId} and {@code feeCents}. With {@code output = "fee"}, the name stands
     * before those of the components, so that {@code record Fee(long id, int cents)} sets the same two; a record of one
     * component is then kept as one value under the name itself, like any other simple type. The component marked
     * {@link Jump} is no output.
     *
     * <p>Two steps may set one output, of the same type, if no path runs both.
     */
    String output() default "";

    /**
     * Names under which the output was stored before {@link #output()}; of a record of several outputs, what stood before
     * the names of its components. A component that was renamed says so by {@link Formerly}.
     */
    String[] outputFormerly() default {};

    /**
     * The branch this step belongs to; by default {@code main}, on which every operation begins. Not for action types: the
     * operation says on which branch it lists them.
     *
     * <p>The steps of a branch run in their order, from a jump, a {@link #then()} or an {@link #onFailure()} that names
     * the branch or one of its steps. Behind the last one, {@code main} goes on behind the last step of {@code main} that
     * completed. A Java identifier that names no step; {@code end} is reserved.
     */
    String branch() default "main";

    /**
     * Names that {@link #branch()} had before, said by one step of the branch or by several. No other step or branch has or
     * had one of them.
     */
    String[] branchFormerly() default {};

    /**
     * Where this step may jump: names of steps and branches, and {@code end} for the end of the operation; by default
     * nowhere.
     *
     * <p>The method then returns an enum with one constant per target, upper or lower case and {@code _} aside: {@code
     * END} for {@code "end"}, {@code SET_UP_RED} for {@code "setUpRed"}. A returned constant always jumps; where the method
     * is {@code @Nullable} or returns {@link java.util.Optional}, a missing one goes on without a jump. A method that
     * returns outputs as well returns a record with the enum as a component marked {@link Jump}.
     *
     * <p>A jump may go back: steps then run again, and each run is recorded for itself.
     */
    String[] jumpsTo() default {};

    /**
     * What follows this step where it does not jump: the name of a step or of a branch, or {@code end} for the end of the
     * operation; by default the next step of the branch.
     */
    String then() default "";

    /**
     * The branch that runs once this step has failed for good, after its last attempt; by default none, so that the
     * operation is {@code failed} and waits for someone to resume it.
     *
     * <p>Every failure is kept. The outputs that were set before the step are set there too. When the branch ends, the
     * operation ends as {@code compensated}. If a step of that branch fails for good in turn, the operation is {@code
     * failed}, unless that step names another failure branch.
     */
    String onFailure() default "";

    /**
     * How long after the previous step this one runs, as an ISO-8601 duration such as {@code "PT24H"}; by default at once.
     *
     * <p>Waiting holds no thread. The wait of a first step begins when the operation is enqueued. At most ten years; not
     * together with {@link #at()}.
     */
    String delay() default "";

    /**
     * The param or output that says when this step runs, an {@link java.time.Instant}, {@link java.time.OffsetDateTime} or
     * {@link java.time.ZonedDateTime}; by default at once.
     *
     * <p>It runs at once, too, when the value is missing or the time is over. Waiting holds no thread. An output must be set
     * on every path to this step, unless the step that sets it may leave it out. Not together with {@link #delay()}.
     */
    String at() default "";

    /**
     * How long one attempt may take, as an ISO-8601 duration such as {@code "PT30S"}; by default as {@link
     * Operation#timeout()} says.
     *
     * <p>When the time is over, the thread of the step is interrupted, and the attempt has failed however the step ends; the
     * next attempt starts once it has ended. At least a millisecond, at most ten years.
     */
    String timeout() default "";

    /** How often and when this step is tried again; by default as {@link Operation#retry()} says. */
    Retry retry() default @Retry;
}
