package dev.backops.internal.client;

import dev.backops.EnqueueException;
import dev.backops.Enqueued;
import dev.backops.InvalidParamsException;
import dev.backops.KeyConflictException;
import dev.backops.Search;
import dev.backops.TransactionRequiredException;
import dev.backops.annotation.Priority;
import dev.backops.codegen.Field.Privacy;
import dev.backops.codegen.OperationClient;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationFinder;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.Values;
import dev.backops.internal.engine.StartTime;
import dev.backops.internal.json.Json;
import dev.backops.internal.json.Storable;
import dev.backops.internal.store.Database;
import dev.backops.internal.store.EnqueueOptions;
import dev.backops.internal.store.NewOperation;
import dev.backops.internal.store.OperationStore;
import dev.backops.internal.store.OperationStore.KeyHolder;
import dev.backops.internal.store.SqlStates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/** Enqueues operations of one definition; each option makes another client. */
public final class Client implements OperationClient {

    /** How often a key may come free right after it was taken. */
    private static final int ROUNDS = 20;

    private static final Duration LONGEST_DELAY = Duration.ofDays(365_000);

    /** What a timestamptz holds, give or take a year. */
    private static final Instant EARLIEST = Instant.parse("-4712-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("+294275-12-31T23:59:59.999999Z");

    private final Installation installation;
    private final OperationDefinition definition;
    private final EnqueueOptions options;
    private final @Nullable String key;
    private final @Nullable Handle handle;

    private Client(
            Installation installation,
            OperationDefinition definition,
            EnqueueOptions options,
            @Nullable String key,
            @Nullable Handle handle) {
        this.installation = installation;
        this.definition = definition;
        this.options = options;
        this.key = key;
        this.handle = handle;
    }

    /** A client without options; stores the definition if it is not stored yet. */
    public static Client of(Installation installation, OperationDefinition definition) {
        int id = installation.ask(
                "Operation " + definition.name() + " could not be opened",
                () -> installation.definitionIds().of(definition));
        StepDefinition first = definition.firstStep();
        EnqueueOptions plain = new EnqueueOptions(
                id,
                definition.name(),
                first.name(),
                first.delay(),
                definition.queue(),
                definition.keyScope(),
                definition.priority(),
                null,
                null);
        return new Client(installation, definition, plain, null, null);
    }

    @Override
    public Client in(Handle callersHandle) {
        return new Client(installation, definition, options, key, Objects.requireNonNull(callersHandle, "handle"));
    }

    @Override
    public Client key(String newKey) {
        if (newKey.isEmpty() || newKey.length() > OperationKey.MAX_LENGTH) {
            throw new IllegalArgumentException("The key of an operation must have 1 to " + OperationKey.MAX_LENGTH
                    + " characters, but has " + newKey.length());
        }
        return new Client(installation, definition, options, Storable.text("The key of an operation", newKey), handle);
    }

    @Override
    public Client at(Instant time) {
        if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
            throw new IllegalArgumentException(
                    "The time of an operation must be in the years -4712 to 294275, but is " + time);
        }
        return with(options.withTime(time));
    }

    @Override
    public Client after(Duration delay) {
        if (delay.isNegative() || delay.compareTo(LONGEST_DELAY) > 0) {
            throw new IllegalArgumentException("A delay must be from zero to 1,000 years, but is " + delay);
        }
        return with(options.withDelay(delay));
    }

    @Override
    public Client priority(Priority priority) {
        return with(options.withPriority(Objects.requireNonNull(priority, "priority")));
    }

    private Client with(EnqueueOptions changed) {
        return new Client(installation, definition, changed, key, handle);
    }

    @Override
    public Enqueued enqueue(Supplier<Values> params) {
        return write(List.of(checked(params))).get(0);
    }

    @Override
    public <P> List<Enqueued> enqueueAll(Collection<P> params, Function<P, Values> toValues) {
        List<NewOperation> checked = new ArrayList<>(params.size());
        for (P one : params) {
            if (one == null) {
                throw new InvalidParamsException(
                        "Params " + checked.size() + " of " + definition.name() + " are null", null);
            }
            checked.add(checked(() -> toValues.apply(one)));
        }
        if (key != null && checked.size() > 1) {
            throw new InvalidParamsException(
                    "One key cannot name " + checked.size() + " operations of " + definition.name()
                            + ". Enqueue each with its own key.",
                    null);
        }
        return checked.isEmpty() ? List.of() : write(checked);
    }

    @Override
    public <C> OperationFinder<C> find(Search search, Function<Values, C> toContext) {
        if (!search.names().isEmpty()) {
            throw new IllegalArgumentException(
                    "A search for " + definition.name() + " names it already; leave names(…) out.");
        }
        return new Finder<>(installation, definition, search, toContext);
    }

    /** The params as they are stored; whatever the user's record throws is about them. */
    private NewOperation checked(Supplier<Values> params) {
        installation.requireOpen();
        try {
            Map<String, Object> json = params.get().json();
            return new NewOperation(
                    options,
                    Json.write(json),
                    StartTime.of(definition.firstStep(), json).at(),
                    key != null ? key : OperationKey.of(definition, json));
        } catch (RuntimeException e) {
            String error = e.getClass().getName();
            String reason = hasSecrets()
                    ? error + ", whose message may hold a @Sensitive value"
                    : e.getMessage() == null ? error : e.getMessage();
            throw new InvalidParamsException(
                    "The params of " + definition.name() + " were refused: " + reason, cause(e));
        }
    }

    private boolean hasSecrets() {
        return definition.params().stream().anyMatch(param -> param.privacy() != Privacy.OPEN);
    }

    /** The error, or where its message might quote a secret, another one from the same place that says nothing. */
    private @Nullable Throwable cause(Throwable error) {
        if (!hasSecrets()) {
            return error;
        }
        Throwable silent = new IllegalArgumentException(error.getClass().getName());
        silent.setStackTrace(error.getStackTrace());
        return silent;
    }

    private List<Enqueued> write(List<NewOperation> operations) {
        try {
            return handle == null ? writeAlone(operations) : writeInside(handle, operations);
        } catch (JdbiException e) {
            if (SqlStates.blamesContent(e)) {
                throw new InvalidParamsException(
                        "PostgreSQL refused the params of " + definition.name() + " (SQLSTATE " + SqlStates.of(e) + ")",
                        cause(e));
            }
            throw new EnqueueException(
                    definition.name() + " could not be enqueued: " + Installation.reason(e)
                            + (handle == null
                                    ? ". If the connection was lost it may have been all the same;"
                                            + " with a key it is safe to enqueue again."
                                    : ""),
                    e);
        }
    }

    private List<Enqueued> writeAlone(List<NewOperation> operations) {
        List<Enqueued> enqueued = operations.size() == 1 && operations.get(0).key() == null
                ? List.of(installation.sharedEnqueues().enqueue(operations.get(0)))
                : writeInTransaction(operations, ROUNDS);
        tellEngine(enqueued);
        return enqueued;
    }

    /* A key that comes free after its turn is taken out of turn, which now and then deadlocks with another bulk. */
    private List<Enqueued> writeInTransaction(List<NewOperation> operations, int tries) {
        try {
            return installation.database().inPatientTransaction(own -> writeAll(own, operations));
        } catch (JdbiException e) {
            if (tries > 1 && SqlStates.blamesDeadlock(e)) {
                return writeInTransaction(operations, tries - 1);
            }
            throw e;
        }
    }

    /** Our own handle on the caller's connection: whatever is configured on the caller's does not reach our statements. */
    private List<Enqueued> writeInside(Handle callers, List<NewOperation> operations) {
        if (!callers.isInTransaction()) {
            throw new TransactionRequiredException("The handle for " + definition.name()
                    + " has no transaction open. Call in(handle) inside of jdbi.useTransaction(…) or after handle.begin(),"
                    + " or leave it out to enqueue in a transaction of its own.");
        }
        try (Handle ours = Database.borrow(callers.getConnection())) {
            List<Enqueued> enqueued = writeAll(ours, operations);
            callers.afterCommit(() -> tellEngine(enqueued));
            return enqueued;
        }
    }

    private List<Enqueued> writeAll(Handle writer, List<NewOperation> operations) {
        if (operations.get(0).key() != null) {
            return writeKeyed(writer, operations);
        }
        List<Enqueued> enqueued = new ArrayList<>(operations.size());
        for (int from = 0; from < operations.size(); from += OperationStore.BATCH) {
            enqueued.addAll(installation.stores().operations().enqueue(writer, batch(operations, from)));
        }
        return enqueued;
    }

    /** Writes in the order of the keys, and answers in that of the params. */
    private List<Enqueued> writeKeyed(Handle writer, List<NewOperation> operations) {
        List<Integer> places = IntStream.range(0, operations.size())
                .boxed()
                .sorted(Comparator.comparing(place -> keyOf(operations.get(place))))
                .toList();
        Enqueued[] enqueued = new Enqueued[operations.size()];
        for (int from = 0; from < places.size(); from += OperationStore.BATCH) {
            writeKeys(writer, operations, batch(places, from), enqueued);
        }
        return List.of(enqueued);
    }

    /** Writes those at some places, and notes the answer for each. */
    private void writeKeys(Handle writer, List<NewOperation> operations, List<Integer> places, Enqueued[] enqueued) {
        List<Integer> left = places;
        if (!definition.formerNames().isEmpty()) {
            // Only the code of before writes under these names, and it is about to go.
            left = untaken(writer, definition.formerNames(), operations, left, enqueued);
        }
        for (int round = 0; !left.isEmpty(); round++) {
            if (round == ROUNDS) {
                throw new EnqueueException(
                        "The key of a " + definition.name()
                                + " is taken by an operation that this transaction cannot see."
                                + " Enqueue in a READ COMMITTED transaction, or again.",
                        null);
            }
            List<Enqueued> answers = installation
                    .stores()
                    .operations()
                    .enqueueKeyed(
                            writer,
                            options.keyScope(),
                            left.stream().map(operations::get).toList());
            List<Integer> refused = new ArrayList<>();
            for (int i = 0; i < left.size(); i++) {
                if (answers.get(i).added()) {
                    enqueued[left.get(i)] = answers.get(i);
                } else {
                    refused.add(left.get(i));
                }
            }
            // What has a key may end between the two statements, and the key is free again.
            left = refused.isEmpty()
                    ? refused
                    : untaken(writer, List.of(definition.name()), operations, refused, enqueued);
        }
    }

    /** Notes the answer for those whose key an operation of one of the names has; returns the places of the others. */
    private List<Integer> untaken(
            Handle writer,
            List<String> names,
            List<NewOperation> operations,
            List<Integer> places,
            Enqueued[] enqueued) {
        List<String> keys = places.stream()
                .map(place -> keyOf(operations.get(place)))
                .distinct()
                .toList();
        Map<String, KeyHolder> holders =
                installation.stores().operations().holders(writer, options.keyScope(), names, keys).stream()
                        .collect(Collectors.toMap(KeyHolder::key, Function.identity(), (one, other) -> one));
        List<Integer> untaken = new ArrayList<>();
        for (int place : places) {
            KeyHolder holder = holders.get(keyOf(operations.get(place)));
            if (holder == null) {
                untaken.add(place);
            } else {
                enqueued[place] = existing(holder, operations.get(place));
            }
        }
        return untaken;
    }

    private Enqueued existing(KeyHolder holder, NewOperation refused) {
        if (!OperationKey.sameParams(definition, holder.params(), refused.params())) {
            throw new KeyConflictException("Operation " + holder.id() + " of " + definition.name()
                    + " has the same key, but other params. Use another key, or the same params.");
        }
        return new Enqueued(holder.id(), false);
    }

    private static String keyOf(NewOperation one) {
        return Objects.requireNonNull(one.key(), "all operations have a key or none");
    }

    private static <T> List<T> batch(List<T> all, int from) {
        return all.subList(from, Math.min(all.size(), from + OperationStore.BATCH));
    }

    private void tellEngine(List<Enqueued> enqueued) {
        List<Long> added =
                enqueued.stream().filter(Enqueued::added).map(Enqueued::id).toList();
        boolean atOnce = options.at() == null
                && options.after() == null
                && definition.firstStep().startsAtOnce();
        installation.engineIfOpen(engine -> {
            engine.added(definition, enqueued.size(), atOnce);
            engine.events().enqueued(added, definition.name());
        });
    }
}
