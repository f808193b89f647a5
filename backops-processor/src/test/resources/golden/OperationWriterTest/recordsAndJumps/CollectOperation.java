package demo;

import dev.backops.BackOps;
import dev.backops.Enqueued;
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
import dev.backops.codegen.Values;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.annotation.processing.Generated;
import org.jdbi.v3.core.Handle;

/**
 * Enqueues, finds and registers the operation {@code billing.collect}, whose steps are those of
 * {@link Collect}.
 *
 * <ol>
 *   <li>{@link Collect#collect collect} sets {@code attempt}
 *   <li>{@link Collect#charge charge} after {@code PT24H} sets {@code transactionId}, {@code cents}, {@code note}
 *   <li>{@link Collect#fee fee} sets {@code feeId}, {@code feeCents}
 *   <li>{@link Collect#sendInvoice sendInvoice}
 *   <li>{@link Collect#check check} on {@code review} sets {@code again}
 *   <li>{@link Collect#discount discount} on {@code review} sets {@code discountCode}
 *   <li>{@link Collect#approve approve} on {@code review}
 * </ol>
 *
 * <p>The flow, as a Mermaid chart:
 *
 * <pre>{@code
 * flowchart TD
 *   charge["charge, after PT24H"]
 *   subgraph review
 *     check
 *     discount
 *     approve
 *   end
 *   collect --> charge
 *   charge --> fee
 *   charge -->|review| check
 *   charge -->|jumps| sendInvoice
 *   charge -->|jumps| completed([completed])
 *   fee -->|jumps| completed([completed])
 *   fee -->|review| check
 *   fee -->|jumps| sendInvoice
 *   sendInvoice --> completed([completed])
 *   check --> discount
 *   check -->|jumps| collect
 *   discount --> approve
 *   discount -->|jumps| collect
 *   approve --> sendInvoice
 * }</pre>
 *
 * <p>Immutable and safe for every thread: an option such as {@link #key} returns another object.
 */
@Generated("dev.backops.processor.BackOpsProcessor")
final class CollectOperation {
    private static final OperationDefinition DEFINITION = OperationDefinition.named("billing.collect")
            .step(StepDefinition.named("collect")
                    .outputs(CollectContext.ATTEMPT))
            .step(StepDefinition.named("charge")
                    .reads("attempt")
                    .outputs(CollectContext.TRANSACTION_ID, CollectContext.CENTS,
                            CollectContext.NOTE)
                    .jumps("review", "sendInvoice", "end")
                    .delay("PT24H"))
            .step(StepDefinition.named("fee")
                    .reads("transactionId")
                    .mayRead("note")
                    .outputs(CollectContext.FEE_ID, CollectContext.FEE_CENTS)
                    .alwaysJumps("end", "review", "sendInvoice"))
            .step(StepDefinition.named("sendInvoice")
                    .then("end"))
            .step(StepDefinition.named("check")
                    .branch("review")
                    .outputs(CollectContext.AGAIN)
                    .jumps("collect"))
            .step(StepDefinition.named("discount")
                    .branch("review")
                    .mayRead("again")
                    .outputs(CollectContext.DISCOUNT_CODE)
                    .jumps("collect"))
            .step(StepDefinition.named("approve")
                    .branch("review")
                    .mayRead("discountCode", "feeId")
                    .then("sendInvoice"));

    private final OperationClient client;

    private CollectOperation(OperationClient client) {
        this.client = client;
    }

    /**
     * The operation on one BackOps. Enqueueing and finding needs no step objects.
     */
    public static CollectOperation on(BackOps backOps) {
        return new CollectOperation(backOps.client(DEFINITION));
    }

    /**
     * Binds the steps to the object that runs them, for {@link BackOps#register}.
     */
    public static OperationSteps steps(Collect collect) {
        return OperationSteps.of(DEFINITION)
                .step("collect", (values, run) -> StepResult.of(
                        CollectContext.ATTEMPT,
                        collect.collect()))
                .step("charge", (values, run) -> {
                    Collect.Charge result = collect.charge(values.get(CollectContext.ATTEMPT));
                    Collect.Next jump = result.next();
                    return StepResult.of(CollectContext.TRANSACTION_ID, result.transactionId())
                            .and(CollectContext.CENTS, result.cents())
                            .and(CollectContext.NOTE, result.note().orElse(null))
                            .jump(jump == null ? null : switch (jump) {
                                case REVIEW -> "review";
                                case SEND_INVOICE -> "sendInvoice";
                                case END -> "end";
                            });
                })
                .step("fee", (values, run) -> {
                    Collect.Fee result = collect.fee(values.get(CollectContext.TRANSACTION_ID),
                            values.find(CollectContext.NOTE));
                    return StepResult.of(CollectContext.FEE_ID, result.id())
                            .and(CollectContext.FEE_CENTS, result.cents())
                            .jump(switch (result.next()) {
                                case END -> "end";
                                case REVIEW -> "review";
                                case SEND_INVOICE -> "sendInvoice";
                            });
                })
                .step("sendInvoice", (values, run) -> {
                    collect.sendInvoice();
                    return StepResult.none();
                })
                .step("check", (values, run) -> {
                    Collect.Again jump = collect.check().orElse(null);
                    return StepResult.of(CollectContext.AGAIN, jump)
                            .jump(jump == null ? null : switch (jump) {
                                case COLLECT -> "collect";
                            });
                })
                .step("discount", (values, run) -> {
                    Collect.Discount result = collect.discount(values.orNull(CollectContext.AGAIN));
                    Collect.Again jump = result == null ? null : result.again().orElse(null);
                    return StepResult.of(CollectContext.DISCOUNT_CODE, result == null ? null : result.code())
                            .jump(jump == null ? null : switch (jump) {
                                case COLLECT -> "collect";
                            });
                })
                .step("approve", (values, run) -> {
                    collect.approve(values.orNull(CollectContext.DISCOUNT_CODE),
                            values.orNull(CollectContext.FEE_ID));
                    return StepResult.none();
                });
    }

    /**
     * Enqueues in the transaction of {@code handle}: workers see the operation once that commits, and a
     * rollback leaves no trace of it. The handle is neither committed nor closed.
     *
     * @param handle an open handle on the database of BackOps
     */
    public CollectOperation in(Handle handle) {
        return new CollectOperation(client.in(handle));
    }

    /**
     * Enqueues under a key: where this operation is stored with the same key already, nothing is added and
     * the id of that one is returned, with {@link Enqueued#added() added()} false. If its params differ, the
     * enqueue throws a {@link KeyConflictException}.
     */
    public CollectOperation key(String key) {
        return new CollectOperation(client.key(key));
    }

    /**
     * Enqueues for later: the first step does not start before {@code time}.
     */
    public CollectOperation at(Instant time) {
        return new CollectOperation(client.at(time));
    }

    /**
     * Enqueues for later: the first step does not start before {@code delay} has passed.
     */
    public CollectOperation after(Duration delay) {
        return new CollectOperation(client.after(delay));
    }

    /**
     * Enqueues with a priority, by default {@link Priority#NORMAL}: what is due starts before all that has a
     * lower one.
     */
    public CollectOperation priority(Priority priority) {
        return new CollectOperation(client.priority(priority));
    }

    /**
     * Enqueues one operation, in a transaction of its own that is committed when this returns; after
     * {@link #in}, in the caller's, with which it lives and dies.
     *
     * @return its id, and whether it was added; not, if it was there under the same {@link #key}
     */
    public Enqueued enqueue() {
        return client.enqueue(Values::none);
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
        return new Finder(client.find(search, CollectContext::new));
    }

    /**
     * A search for operations, newest first. Immutable: each param or output given returns another finder.
     */
    public static final class Finder {
        private final OperationFinder<CollectContext> finder;

        private Finder(OperationFinder<CollectContext> finder) {
            this.finder = finder;
        }

        /**
         * Only those whose steps have set this {@code attempt}.
         */
        public Finder attempt(long attempt) {
            return new Finder(finder.where(CollectContext.ATTEMPT, attempt));
        }

        /**
         * Only those whose steps have set this {@code transactionId}.
         */
        public Finder transactionId(String transactionId) {
            return new Finder(finder.where(CollectContext.TRANSACTION_ID, transactionId));
        }

        /**
         * Only those whose steps have set this {@code cents}.
         */
        public Finder cents(int cents) {
            return new Finder(finder.where(CollectContext.CENTS, cents));
        }

        /**
         * Only those whose steps have set this {@code note}.
         */
        public Finder note(String note) {
            return new Finder(finder.where(CollectContext.NOTE, note));
        }

        /**
         * Only those whose steps have set this {@code feeId}.
         */
        public Finder feeId(long feeId) {
            return new Finder(finder.where(CollectContext.FEE_ID, feeId));
        }

        /**
         * Only those whose steps have set this {@code feeCents}.
         */
        public Finder feeCents(int feeCents) {
            return new Finder(finder.where(CollectContext.FEE_CENTS, feeCents));
        }

        /**
         * Only those whose steps have set this {@code again}.
         */
        public Finder again(Collect.Again again) {
            return new Finder(finder.where(CollectContext.AGAIN, again));
        }

        /**
         * Only those whose steps have set this {@code discountCode}.
         */
        public Finder discountCode(String discountCode) {
            return new Finder(finder.where(CollectContext.DISCOUNT_CODE, discountCode));
        }

        /**
         * Those found, newest first, as many as the search allows.
         */
        public List<OperationInfo<CollectContext>> list() {
            return finder.list();
        }

        /**
         * The newest of those found.
         */
        public Optional<OperationInfo<CollectContext>> first() {
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
