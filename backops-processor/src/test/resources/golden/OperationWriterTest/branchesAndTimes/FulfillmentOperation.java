package demo;

import dev.backops.BackOps;
import dev.backops.Enqueued;
import dev.backops.InvalidParamsException;
import dev.backops.KeyConflictException;
import dev.backops.OperationInfo;
import dev.backops.Repairs;
import dev.backops.Search;
import dev.backops.Status;
import dev.backops.annotation.Priority;
import dev.backops.codegen.OperationClient;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationFinder;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.RetryPolicy;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.annotation.processing.Generated;
import org.jdbi.v3.core.Handle;

/**
 * Enqueues, finds and registers the operation {@code subscriptions.fulfillment}, whose steps are those of
 * {@link Fulfillment}.
 *
 * <ol>
 *   <li>{@link Fulfillment#chargeCreditCard chargeCreditCard} sets {@code transactionId}
 *   <li>{@link Fulfillment#chooseSetup chooseSetup}
 *   <li>{@link Fulfillment#setupRed setupRed} on {@code red} sets {@code plan}
 *   <li>{@link Fulfillment#setupBlue setupBlue} on {@code blue} sets {@code plan}
 *   <li>{@link Fulfillment#sendEmailReceipt sendEmailReceipt}
 *   <li>{@link Fulfillment#remindOfRenewal remindOfRenewal} at {@code renewsAt}
 *   <li>{@link Fulfillment#apologise apologise} on {@code undo}
 * </ol>
 *
 * <p>The flow, as a Mermaid chart:
 *
 * <pre>{@code
 * flowchart TD
 *   remindOfRenewal["remindOfRenewal, at renewsAt"]
 *   subgraph red
 *     setupRed
 *   end
 *   subgraph blue
 *     setupBlue
 *   end
 *   subgraph undo
 *     apologise
 *   end
 *   chargeCreditCard --> chooseSetup
 *   chargeCreditCard -.->|fails| apologise
 *   chooseSetup -->|red| setupRed
 *   chooseSetup -->|blue| setupBlue
 *   setupRed --> sendEmailReceipt
 *   setupBlue --> sendEmailReceipt
 *   sendEmailReceipt --> remindOfRenewal
 *   remindOfRenewal --> completed([completed])
 *   apologise --> compensated([compensated])
 * }</pre>
 *
 * <p>Immutable and safe for every thread: an option such as {@link #key} returns another object.
 */
@Generated("dev.backops.processor.BackOpsProcessor")
public final class FulfillmentOperation {
    private static final OperationDefinition DEFINITION = OperationDefinition.named("subscriptions.fulfillment")
            .params(FulfillmentContext.SUBSCRIPTION_ID, FulfillmentContext.RENEWS_AT)
            .step(StepDefinition.named("chargeCreditCard")
                    .reads("subscriptionId")
                    .outputs(FulfillmentContext.TRANSACTION_ID)
                    .onFailure("undo")
                    .retry(RetryPolicy.of(5, "PT2S", 2.0, "PT1H", 0.2)))
            .step(StepDefinition.named("chooseSetup")
                    .reads("subscriptionId")
                    .alwaysJumps("red", "blue"))
            .step(StepDefinition.named("setupRed")
                    .branch("red")
                    .reads("subscriptionId")
                    .outputs(FulfillmentContext.PLAN))
            .step(StepDefinition.named("setupBlue")
                    .branch("blue")
                    .reads("subscriptionId")
                    .outputs(FulfillmentContext.PLAN))
            .step(StepDefinition.named("sendEmailReceipt")
                    .reads("subscriptionId", "transactionId", "plan"))
            .step(StepDefinition.named("remindOfRenewal")
                    .at("renewsAt"))
            .step(StepDefinition.named("apologise")
                    .branch("undo")
                    .reads("subscriptionId"));

    private final OperationClient client;

    private FulfillmentOperation(OperationClient client) {
        this.client = client;
    }

    /**
     * The operation on one BackOps. Enqueueing and finding needs no step objects.
     */
    public static FulfillmentOperation on(BackOps backOps) {
        return new FulfillmentOperation(backOps.client(DEFINITION));
    }

    /**
     * Binds the steps to the object that runs them, for {@link BackOps#register}.
     */
    public static OperationSteps steps(Fulfillment fulfillment) {
        return OperationSteps.of(DEFINITION)
                .step("chargeCreditCard", (values, run) -> StepResult.of(
                        FulfillmentContext.TRANSACTION_ID,
                        fulfillment.chargeCreditCard(values.get(FulfillmentContext.SUBSCRIPTION_ID),
                                run)))
                .step("chooseSetup", (values, run) -> StepResult.none()
                        .jump(switch (fulfillment.chooseSetup(values.get(FulfillmentContext.SUBSCRIPTION_ID))) {
                            case RED -> "red";
                            case BLUE -> "blue";
                        }))
                .step("setupRed", (values, run) -> StepResult.of(
                        FulfillmentContext.PLAN,
                        fulfillment.setupRed(values.get(FulfillmentContext.SUBSCRIPTION_ID))))
                .step("setupBlue", (values, run) -> StepResult.of(
                        FulfillmentContext.PLAN,
                        fulfillment.setupBlue(values.get(FulfillmentContext.SUBSCRIPTION_ID))))
                .step("sendEmailReceipt", (values, run) -> {
                    fulfillment.sendEmailReceipt(values.get(FulfillmentContext.SUBSCRIPTION_ID),
                            values.get(FulfillmentContext.TRANSACTION_ID),
                            values.get(FulfillmentContext.PLAN));
                    return StepResult.none();
                })
                .step("remindOfRenewal", (values, run) -> {
                    fulfillment.remindOfRenewal(new FulfillmentContext(values));
                    return StepResult.none();
                })
                .step("apologise", (values, run) -> {
                    fulfillment.apologise(values.get(FulfillmentContext.SUBSCRIPTION_ID));
                    return StepResult.none();
                });
    }

    /**
     * Enqueues in the transaction of {@code handle}: workers see the operation once that commits, and a
     * rollback leaves no trace of it. The handle is neither committed nor closed.
     *
     * @param handle an open handle on the database of BackOps
     */
    public FulfillmentOperation in(Handle handle) {
        return new FulfillmentOperation(client.in(handle));
    }

    /**
     * Enqueues under a key: where this operation is stored with the same key already, nothing is added and
     * the id of that one is returned, with {@link Enqueued#added() added()} false. If its params differ, the
     * enqueue throws a {@link KeyConflictException}.
     */
    public FulfillmentOperation key(String key) {
        return new FulfillmentOperation(client.key(key));
    }

    /**
     * Enqueues for later: the first step does not start before {@code time}.
     */
    public FulfillmentOperation at(Instant time) {
        return new FulfillmentOperation(client.at(time));
    }

    /**
     * Enqueues for later: the first step does not start before {@code delay} has passed.
     */
    public FulfillmentOperation after(Duration delay) {
        return new FulfillmentOperation(client.after(delay));
    }

    /**
     * Enqueues with a priority, by default {@link Priority#NORMAL}: what is due starts before all that has a
     * lower one.
     */
    public FulfillmentOperation priority(Priority priority) {
        return new FulfillmentOperation(client.priority(priority));
    }

    /**
     * Enqueues one operation, in a transaction of its own that is committed when this returns; after
     * {@link #in}, in the caller's, with which it lives and dies.
     *
     * @return its id, and whether it was added; not, if it was there under the same {@link #key}
     * @throws InvalidParamsException if {@link Fulfillment.Params} refuses the values or they cannot be stored
     * @throws KeyConflictException if it was there under the same {@link #key} with other params
     */
    public Enqueued enqueue(long subscriptionId, Instant renewsAt) {
        return client.enqueue(() -> FulfillmentContext.values(new Fulfillment.Params(subscriptionId,
                renewsAt)));
    }

    /**
     * Enqueues many operations, all or none of them, as {@link #enqueue} does one, but much faster.
     *
     * @return their ids, in the order of {@code params}
     */
    public List<Enqueued> enqueueAll(Collection<Fulfillment.Params> params) {
        return client.enqueueAll(params, FulfillmentContext::values);
    }

    /**
     * Enqueues by the names of the params: each in turn, then {@code enqueue()}.
     */
    public SubscriptionIdStage with() {
        return subscriptionId -> renewsAt -> () -> enqueue(subscriptionId, renewsAt);
    }

    /**
     * Finds the newest operations in one of these statuses, or in any where none is given.
     */
    public Finder find(Status... statuses) {
        return find(Search.of(statuses));
    }

    /**
     * Finds operations by status and id, as many as the search says.
     */
    public Finder find(Search search) {
        return new Finder(client.find(search, FulfillmentContext::new));
    }

    /**
     * Asks for the param {@code subscriptionId}.
     */
    public interface SubscriptionIdStage {
        RenewsAtStage subscriptionId(long subscriptionId);
    }

    /**
     * Asks for the param {@code renewsAt}.
     */
    public interface RenewsAtStage {
        LastStage renewsAt(Instant renewsAt);
    }

    /**
     * Has all params.
     */
    public interface LastStage {
        /**
         * Enqueues, as {@link FulfillmentOperation#enqueue} does.
         */
        Enqueued enqueue();
    }

    /**
     * A search for operations, newest first. Immutable: each param or output given returns another finder.
     */
    public static final class Finder {
        private final OperationFinder<FulfillmentContext> finder;

        private Finder(OperationFinder<FulfillmentContext> finder) {
            this.finder = finder;
        }

        /**
         * Only those enqueued with this {@code subscriptionId}.
         */
        public Finder subscriptionId(long subscriptionId) {
            return new Finder(finder.where(FulfillmentContext.SUBSCRIPTION_ID, subscriptionId));
        }

        /**
         * Only those enqueued with this {@code renewsAt}.
         */
        public Finder renewsAt(Instant renewsAt) {
            return new Finder(finder.where(FulfillmentContext.RENEWS_AT, renewsAt));
        }

        /**
         * Only those whose steps have set this {@code transactionId}.
         */
        public Finder transactionId(String transactionId) {
            return new Finder(finder.where(FulfillmentContext.TRANSACTION_ID, transactionId));
        }

        /**
         * Only those whose steps have set this {@code plan}.
         */
        public Finder plan(String plan) {
            return new Finder(finder.where(FulfillmentContext.PLAN, plan));
        }

        /**
         * Those found, newest first, as many as the search allows.
         */
        public List<OperationInfo<FulfillmentContext>> list() {
            return finder.list();
        }

        /**
         * The newest of those found.
         */
        public Optional<OperationInfo<FulfillmentContext>> first() {
            return finder.first();
        }

        /**
         * How many there are, however many the search allows.
         */
        public long count() {
            return finder.count();
        }

        /**
         * Repairs those found, as many as the search allows.
         */
        public Repairs repair() {
            return finder.repair();
        }
    }
}
