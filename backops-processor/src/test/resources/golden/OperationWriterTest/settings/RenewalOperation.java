package demo;

import dev.backops.BackOps;
import dev.backops.Enqueued;
import dev.backops.InvalidParamsException;
import dev.backops.KeyConflictException;
import dev.backops.OperationInfo;
import dev.backops.Repairs;
import dev.backops.Search;
import dev.backops.Status;
import dev.backops.annotation.KeyScope;
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
import java.time.YearMonth;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.annotation.processing.Generated;
import org.jdbi.v3.core.Handle;

/**
 * Enqueues, finds and registers the operation {@code billing.renewal}, whose steps are those of
 * {@link Renewal}.
 *
 * <ol>
 *   <li>{@link Renewal#prepare prepare}
 *   <li>{@link Renewal#send send}
 *   <li>{@link Renewal#logIn logIn} sets {@code loginUser}, {@code loginToken}
 *   <li>{@link Renewal#charge charge} sets {@code receipt}
 *   <li>{@link Renewal#apologise apologise} on {@code undo}
 *   <li>{@link Renewal#report report} on {@code undo}
 *   <li>{@link Renewal#book book} sets {@code bookings}, in one transaction with its record
 *   <li>{@link Renewal#archive archive}, in one transaction with its record
 * </ol>
 *
 * <p>The flow, as a Mermaid chart:
 *
 * <pre>{@code
 * flowchart TD
 *   subgraph undo
 *     apologise
 *     report
 *   end
 *   prepare --> send
 *   send --> logIn
 *   logIn --> charge
 *   charge --> book
 *   charge -.->|fails| apologise
 *   apologise --> report
 *   report --> compensated([compensated])
 *   book --> archive
 *   archive --> completed([completed])
 * }</pre>
 *
 * <p>Immutable and safe for every thread: an option such as {@link #key} returns another object.
 */
@Generated("dev.backops.processor.BackOpsProcessor")
final class RenewalOperation {
    private static final OperationDefinition DEFINITION = OperationDefinition.named("billing.renewal")
            .formerly("billing.renew", "renewal")
            .queue("billing")
            .priority(Priority.HIGH)
            .key("customerId", "month")
            .keyScope(KeyScope.UNFINISHED)
            .params(RenewalContext.CUSTOMER_ID, RenewalContext.MONTH, RenewalContext.NOTE,
                    RenewalContext.IBAN, RenewalContext.CARDS)
            .formerBranch("undo", "refund", "cancel")
            .step(StepDefinition.named("prepare")
                    .timeout("PT1M"))
            .step(StepDefinition.named("send")
                    .timeout("PT30S")
                    .retry(RetryPolicy.of(3, "PT1S", 2.0, "PT1H", 0.2)))
            .step(StepDefinition.named("logIn")
                    .outputs(RenewalContext.LOGIN_USER, RenewalContext.LOGIN_TOKEN)
                    .timeout("PT1M"))
            .step(StepDefinition.named("charge")
                    .formerly("pay", "collect")
                    .reads("iban", "loginToken")
                    .outputs(RenewalContext.RECEIPT)
                    .onFailure("undo")
                    .timeout("PT1M"))
            .step(StepDefinition.named("apologise")
                    .branch("undo")
                    .timeout("PT1M"))
            .step(StepDefinition.named("report")
                    .branch("undo")
                    .timeout("PT1M"))
            .step(StepDefinition.named("book")
                    .reads("customerId")
                    .outputs(RenewalContext.BOOKINGS)
                    .timeout("PT1M")
                    .transactional())
            .step(StepDefinition.named("archive")
                    .reads("bookings")
                    .timeout("PT1M")
                    .transactional());

    private final OperationClient client;

    private RenewalOperation(OperationClient client) {
        this.client = client;
    }

    /**
     * The operation on one BackOps. Enqueueing and finding needs no step objects.
     */
    public static RenewalOperation on(BackOps backOps) {
        return new RenewalOperation(backOps.client(DEFINITION));
    }

    /**
     * Binds the steps to the object that runs them, for {@link BackOps#register}.
     */
    public static OperationSteps steps(Renewal renewal) {
        return OperationSteps.of(DEFINITION)
                .step("prepare", (values, run) -> {
                    renewal.prepare();
                    return StepResult.none();
                })
                .step("send", (values, run) -> {
                    renewal.send();
                    return StepResult.none();
                })
                .step("logIn", (values, run) -> {
                    Renewal.Login result = renewal.logIn();
                    return StepResult.of(RenewalContext.LOGIN_USER, result.user())
                            .and(RenewalContext.LOGIN_TOKEN, result.token());
                })
                .step("charge", (values, run) -> StepResult.of(
                        RenewalContext.RECEIPT,
                        renewal.charge(values.get(RenewalContext.IBAN),
                                values.get(RenewalContext.LOGIN_TOKEN))))
                .step("apologise", (values, run) -> {
                    renewal.apologise();
                    return StepResult.none();
                })
                .step("report", (values, run) -> {
                    renewal.report();
                    return StepResult.none();
                })
                .transactionalStep("book", (values, run, handle) -> StepResult.of(
                        RenewalContext.BOOKINGS,
                        renewal.book(values.get(RenewalContext.CUSTOMER_ID), handle)))
                .transactionalStep("archive", (values, run, handle) -> {
                    renewal.archive(values.get(RenewalContext.BOOKINGS), handle.getConnection(),
                            new RenewalContext(values), run);
                    return StepResult.none();
                });
    }

    /**
     * Enqueues in the transaction of {@code handle}: workers see the operation once that commits, and a
     * rollback leaves no trace of it. The handle is neither committed nor closed.
     *
     * @param handle an open handle on the database of BackOps
     */
    public RenewalOperation in(Handle handle) {
        return new RenewalOperation(client.in(handle));
    }

    /**
     * Enqueues under a key: where this operation is stored with the same key already, nothing is added and
     * the id of that one is returned, with {@link Enqueued#added() added()} false. If its params differ, the
     * enqueue throws a {@link KeyConflictException}.
     * It replaces the key made of {@code customerId} and {@code month}.
     * An operation that has ended keeps no other one out.
     */
    public RenewalOperation key(String key) {
        return new RenewalOperation(client.key(key));
    }

    /**
     * Enqueues for later: the first step does not start before {@code time}.
     */
    public RenewalOperation at(Instant time) {
        return new RenewalOperation(client.at(time));
    }

    /**
     * Enqueues for later: the first step does not start before {@code delay} has passed.
     */
    public RenewalOperation after(Duration delay) {
        return new RenewalOperation(client.after(delay));
    }

    /**
     * Enqueues with a priority, by default {@link Priority#HIGH}: what is due starts before all that has a
     * lower one.
     */
    public RenewalOperation priority(Priority priority) {
        return new RenewalOperation(client.priority(priority));
    }

    /**
     * Enqueues one operation, in a transaction of its own that is committed when this returns; after
     * {@link #in}, in the caller's, with which it lives and dies.
     *
     * @return its id, and whether it was added; not, if it was there under the same {@link #key}
     *     or, where none is given, with the same {@code customerId} and {@code month}
     * @throws InvalidParamsException if {@link Renewal.Params} refuses the values or they cannot be stored
     * @throws KeyConflictException if it was there under the same {@link #key} with other params
     */
    public Enqueued enqueue(Renewal.CustomerId customerId, YearMonth month, String note,
            String iban, List<Renewal.CardNumber> cards) {
        return client.enqueue(() -> RenewalContext.values(new Renewal.Params(customerId, month,
                note, iban, cards)));
    }

    /**
     * Enqueues many operations, all or none of them, as {@link #enqueue} does one, but much faster.
     *
     * @return their ids, in the order of {@code params}
     */
    public List<Enqueued> enqueueAll(Collection<Renewal.Params> params) {
        return client.enqueueAll(params, RenewalContext::values);
    }

    /**
     * Enqueues by the names of the params: each in turn, then {@code enqueue()}.
     */
    public CustomerIdStage with() {
        return customerId -> month -> note -> iban -> cards -> () -> enqueue(customerId, month,
                note, iban, cards);
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
        return new Finder(client.find(search, RenewalContext::new));
    }

    /**
     * Asks for the param {@code customerId}.
     */
    public interface CustomerIdStage {
        MonthStage customerId(Renewal.CustomerId customerId);
    }

    /**
     * Asks for the param {@code month}.
     */
    public interface MonthStage {
        NoteStage month(YearMonth month);
    }

    /**
     * Asks for the param {@code note}.
     */
    public interface NoteStage {
        IbanStage note(String note);
    }

    /**
     * Asks for the param {@code iban}.
     */
    public interface IbanStage {
        CardsStage iban(String iban);
    }

    /**
     * Asks for the param {@code cards}.
     */
    public interface CardsStage {
        LastStage cards(List<Renewal.CardNumber> cards);
    }

    /**
     * Has all params.
     */
    public interface LastStage {
        /**
         * Enqueues, as {@link RenewalOperation#enqueue} does.
         */
        Enqueued enqueue();
    }

    /**
     * A search for operations, newest first. Immutable: each param or output given returns another finder.
     */
    public static final class Finder {
        private final OperationFinder<RenewalContext> finder;

        private Finder(OperationFinder<RenewalContext> finder) {
            this.finder = finder;
        }

        /**
         * Only those enqueued with this {@code customerId}.
         */
        public Finder customerId(Renewal.CustomerId customerId) {
            return new Finder(finder.where(RenewalContext.CUSTOMER_ID, customerId));
        }

        /**
         * Only those enqueued with this {@code month}.
         */
        public Finder month(YearMonth month) {
            return new Finder(finder.where(RenewalContext.MONTH, month));
        }

        /**
         * Only those enqueued with this {@code note}.
         */
        public Finder note(String note) {
            return new Finder(finder.where(RenewalContext.NOTE, note));
        }

        /**
         * Only those enqueued with this {@code iban}.
         */
        public Finder iban(String iban) {
            return new Finder(finder.where(RenewalContext.IBAN, iban));
        }

        /**
         * Only those enqueued with this {@code cards}.
         */
        public Finder cards(List<Renewal.CardNumber> cards) {
            return new Finder(finder.where(RenewalContext.CARDS, cards));
        }

        /**
         * Only those whose steps have set this {@code loginUser}.
         */
        public Finder loginUser(String loginUser) {
            return new Finder(finder.where(RenewalContext.LOGIN_USER, loginUser));
        }

        /**
         * Only those whose steps have set this {@code loginToken}.
         */
        public Finder loginToken(String loginToken) {
            return new Finder(finder.where(RenewalContext.LOGIN_TOKEN, loginToken));
        }

        /**
         * Only those whose steps have set this {@code receipt}.
         */
        public Finder receipt(String receipt) {
            return new Finder(finder.where(RenewalContext.RECEIPT, receipt));
        }

        /**
         * Only those whose steps have set this {@code bookings}.
         */
        public Finder bookings(int bookings) {
            return new Finder(finder.where(RenewalContext.BOOKINGS, bookings));
        }

        /**
         * Those found, newest first, as many as the search allows.
         */
        public List<OperationInfo<RenewalContext>> list() {
            return finder.list();
        }

        /**
         * The newest of those found.
         */
        public Optional<OperationInfo<RenewalContext>> first() {
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
