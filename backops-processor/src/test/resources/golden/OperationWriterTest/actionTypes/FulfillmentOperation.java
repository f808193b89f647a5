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
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.annotation.processing.Generated;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Enqueues, finds and registers the operation {@code subscriptions.fulfillment}, whose steps are those of
 * {@link Fulfillment}.
 *
 * <ol>
 *   <li>{@link ChargeCreditCard chargeCreditCard} sets {@code transactionId}, {@code note}
 *   <li>{@link SendMail sendMail} after {@code PT1H}
 *   <li>{@link SendMail sendReminder} at {@code renewsAt}
 *   <li>{@link Apologise saySorry} on {@code undo}
 * </ol>
 *
 * <p>The flow, as a Mermaid chart:
 *
 * <pre>{@code
 * flowchart TD
 *   sendMail["sendMail, after PT1H"]
 *   sendReminder["sendReminder, at renewsAt"]
 *   subgraph undo
 *     saySorry
 *   end
 *   chargeCreditCard --> sendMail
 *   chargeCreditCard -.->|fails| saySorry
 *   sendMail --> sendReminder
 *   sendReminder --> completed([completed])
 *   saySorry --> compensated([compensated])
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
                    .outputs(FulfillmentContext.TRANSACTION_ID, FulfillmentContext.NOTE)
                    .onFailure("undo"))
            .step(StepDefinition.named("sendMail")
                    .reads("subscriptionId")
                    .mayRead("transactionId", "note")
                    .delay("PT1H"))
            .step(StepDefinition.named("sendReminder")
                    .reads("subscriptionId")
                    .mayRead("transactionId", "note")
                    .then("end")
                    .at("renewsAt"))
            .step(StepDefinition.named("saySorry")
                    .branch("undo"));

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
     * Binds the steps to the objects that run them, for {@link BackOps#register}.
     */
    public static OperationSteps steps(ChargeCreditCard chargeCreditCard, SendMail sendMail,
            Apologise apologise) {
        return OperationSteps.of(DEFINITION)
                .step("chargeCreditCard", (values, run) -> {
                    ChargeCreditCard.Charge result = ChargeCreditCardAction.call(chargeCreditCard,
                            values.get(FulfillmentContext.SUBSCRIPTION_ID), run);
                    return StepResult.of(FulfillmentContext.TRANSACTION_ID, result == null ? null : result.transactionId())
                            .and(FulfillmentContext.NOTE, result == null ? null : result.note());
                })
                .step("sendMail", (values, run) -> {
                    SendMailAction.call(sendMail, values.get(FulfillmentContext.SUBSCRIPTION_ID),
                            values.orNull(FulfillmentContext.TRANSACTION_ID),
                            values.find(FulfillmentContext.NOTE));
                    return StepResult.none();
                })
                .step("sendReminder", (values, run) -> {
                    SendMailAction.call(sendMail, values.get(FulfillmentContext.SUBSCRIPTION_ID),
                            values.orNull(FulfillmentContext.TRANSACTION_ID),
                            values.find(FulfillmentContext.NOTE));
                    return StepResult.none();
                })
                .step("saySorry", (values, run) -> {
                    ApologiseAction.call(apologise, new FulfillmentContext(values));
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
    public Enqueued enqueue(long subscriptionId, @Nullable Instant renewsAt) {
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
     * Enqueues by the names of the params: each that is required in turn, then those that may be missing,
     * then {@code enqueue()}.
     */
    public SubscriptionIdStage with() {
        return subscriptionId -> new LastStage(this, subscriptionId, null);
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
        LastStage subscriptionId(long subscriptionId);
    }

    /**
     * Has all that is required; takes what may be missing, and enqueues.
     */
    public static final class LastStage {
        private final FulfillmentOperation operation;

        private final long subscriptionId;

        private final @Nullable Instant renewsAt;

        private LastStage(FulfillmentOperation operation, long subscriptionId,
                @Nullable Instant renewsAt) {
            this.operation = operation;
            this.subscriptionId = subscriptionId;
            this.renewsAt = renewsAt;
        }

        /**
         * The param {@code renewsAt}, which may be left out.
         */
        public LastStage renewsAt(@Nullable Instant renewsAt) {
            return new LastStage(operation, subscriptionId, renewsAt);
        }

        /**
         * Enqueues, as {@link FulfillmentOperation#enqueue} does.
         */
        public Enqueued enqueue() {
            return operation.enqueue(subscriptionId, renewsAt);
        }
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
         * Only those enqueued with this {@code renewsAt}; null finds those without.
         */
        public Finder renewsAt(@Nullable Instant renewsAt) {
            return new Finder(finder.where(FulfillmentContext.RENEWS_AT, renewsAt));
        }

        /**
         * Only those whose steps have set this {@code transactionId}.
         */
        public Finder transactionId(String transactionId) {
            return new Finder(finder.where(FulfillmentContext.TRANSACTION_ID, transactionId));
        }

        /**
         * Only those whose steps have set this {@code note}.
         */
        public Finder note(String note) {
            return new Finder(finder.where(FulfillmentContext.NOTE, note));
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
