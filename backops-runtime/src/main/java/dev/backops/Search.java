package dev.backops;

import dev.backops.internal.json.Storable;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which operations to look for, newest first. Immutable and safe for every thread: each condition returns another search,
 * and all of them must hold. A text or JSON value that PostgreSQL cannot store is refused with an {@link
 * IllegalArgumentException}.
 *
 * <pre>{@code
 * Search search = Search.of(Status.FAILED).errorClass("java.net.SocketTimeoutException").createdFrom(yesterday);
 * List<OperationInfo<FulfillmentContext>> page = fulfillments.find(search).list();
 * page = fulfillments.find(search.before(page.get(page.size() - 1))).list();   // the next page
 * }</pre>
 *
 * <p>Names, statuses other than ready and running, ids, times of creation and of the end, and params that are {@code @Indexed}
 * are found by index, among any number of operations. The other conditions are checked one by one, newest first, until the page
 * is full: of unfinished operations where the status, the step, the error class or the worker is given, of all otherwise.
 */
public final class Search {

    /** The number of operations that a search returns unless asked for more or fewer. */
    public static final int DEFAULT_LIMIT = 100;

    /** The most operations that one search returns. */
    public static final int MAX_LIMIT = 10_000;

    private static final Search ALL = new Search();

    private Set<Status> statuses = Set.of();
    private Set<String> names = Set.of();
    private Set<Long> ids = Set.of();
    private @Nullable String step;
    private @Nullable String errorClass;
    private @Nullable Long worker;
    private List<Value> params = List.of();
    private List<Value> outputs = List.of();
    private Range created = Range.EVER;
    private Range finished = Range.EVER;
    private int limit = DEFAULT_LIMIT;
    private @Nullable Place before;

    private Search() {}

    private Search with(Consumer<Search> change) {
        Search copy = new Search();
        copy.statuses = statuses;
        copy.names = names;
        copy.ids = ids;
        copy.step = step;
        copy.errorClass = errorClass;
        copy.worker = worker;
        copy.params = params;
        copy.outputs = outputs;
        copy.created = created;
        copy.finished = finished;
        copy.limit = limit;
        copy.before = before;
        change.accept(copy);
        return copy;
    }

    /** The newest operations, whatever their status. */
    public static Search all() {
        return ALL;
    }

    /** The newest operations in any of these statuses; of all where there is none. */
    public static Search of(Status... statuses) {
        return of(Arrays.asList(statuses));
    }

    /** The newest operations in any of these statuses; of all where there is none. */
    public static Search of(Collection<Status> statuses) {
        return ALL.with(copy -> copy.statuses = Set.copyOf(new HashSet<>(statuses)));
    }

    /** Only operations stored under one of these names. */
    public Search names(String... storedNames) {
        return with(copy -> copy.names = Arrays.stream(storedNames)
                .map(name -> Storable.text("name", name))
                .collect(Collectors.toUnmodifiableSet()));
    }

    /** Only operations with one of these ids; with all of them where there is none. */
    public Search ids(Collection<Long> wanted) {
        return with(copy -> copy.ids = Set.copyOf(new HashSet<>(wanted)));
    }

    /** Only operations that stand at this step, be it next, running or failed; completed ones stand at none. */
    public Search step(String storedName) {
        return with(copy -> copy.step = Storable.text("step", storedName));
    }

    /** Only operations whose present step last failed by an exception of this class, by its full name. */
    public Search errorClass(String className) {
        return with(copy -> copy.errorClass = Storable.text("errorClass", className));
    }

    /** Only operations in the hands of this worker. */
    public Search worker(long id) {
        return with(copy -> copy.worker = id);
    }

    /**
     * Only operations enqueued with this value. Elements of a list count in any order. A default is nowhere stored: operations
     * from before the param existed have no value of it.
     *
     * @param json the value as it is stored: a text, a number, a boolean, or a list or map of those; null finds operations
     *     enqueued without one
     */
    public Search param(String name, @Nullable Object json) {
        return param(List.of(name), json);
    }

    /**
     * The same for a param that has had other names.
     *
     * @param names those under which it is stored, the present one and those of before
     */
    public Search param(List<String> names, @Nullable Object json) {
        return with(copy -> copy.params = more(params, names, json));
    }

    /**
     * Only operations whose steps have set this output. Elements of a list count in any order.
     *
     * @param json the value as it is stored, as for {@link #param}; null finds operations that have not set it
     */
    public Search output(String name, @Nullable Object json) {
        return output(List.of(name), json);
    }

    /** The same for an output that has had other names; see {@link #param(List, Object)}. */
    public Search output(List<String> names, @Nullable Object json) {
        return with(copy -> copy.outputs = more(outputs, names, json));
    }

    /** With one value more, in the place of one under the same names. */
    private static List<Value> more(List<Value> values, List<String> names, @Nullable Object json) {
        Value wanted = new Value(names, json);
        return Stream.concat(values.stream().filter(value -> !value.names().equals(wanted.names())), Stream.of(wanted))
                .toList();
    }

    /** Only operations created at this time or later, by the database's clock. */
    public Search createdFrom(Instant time) {
        return with(copy -> copy.created = new Range(Objects.requireNonNull(time, "time"), created.to()));
    }

    /** Only operations created before this time, by the database's clock. */
    public Search createdTo(Instant time) {
        return with(copy -> copy.created = new Range(created.from(), Objects.requireNonNull(time, "time")));
    }

    /**
     * Only operations that ended at this time or later, by the database's clock; a failed one has not ended. Among millions it
     * takes longer where the span has thousands of ends and few of them match: bound the time of creation too.
     */
    public Search finishedFrom(Instant time) {
        return with(copy -> copy.finished = new Range(Objects.requireNonNull(time, "time"), finished.to()));
    }

    /** Only operations that ended before this time; see {@link #finishedFrom}. */
    public Search finishedTo(Instant time) {
        return with(copy -> copy.finished = new Range(finished.from(), Objects.requireNonNull(time, "time")));
    }

    /** At most so many, from 1 to {@value #MAX_LIMIT}; {@value #DEFAULT_LIMIT} unless asked. */
    public Search limit(int newLimit) {
        if (newLimit < 1 || newLimit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be from 1 to " + MAX_LIMIT + ", but is " + newLimit);
        }
        return with(copy -> copy.limit = newLimit);
    }

    /**
     * Only operations behind this one in the order of searches: the next page, where it is the last one of this page. It need
     * not exist any more.
     */
    public Search before(OperationInfo<?> last) {
        return with(copy -> copy.before = new Place(last.createdAt(), last.id()));
    }

    /** The wanted statuses; empty for all. */
    public Set<Status> statuses() {
        return statuses;
    }

    /** The same search for other statuses; for all where there is none. */
    public Search statuses(Collection<Status> others) {
        return with(copy -> copy.statuses = Set.copyOf(new HashSet<>(others)));
    }

    /** The wanted names; empty for all. */
    public Set<String> names() {
        return names;
    }

    /** The wanted ids; empty for all. */
    public Set<Long> ids() {
        return ids;
    }

    public Optional<String> step() {
        return Optional.ofNullable(step);
    }

    public Optional<String> errorClass() {
        return Optional.ofNullable(errorClass);
    }

    public Optional<Long> worker() {
        return Optional.ofNullable(worker);
    }

    public List<Value> params() {
        return params;
    }

    public List<Value> outputs() {
        return outputs;
    }

    public Range created() {
        return created;
    }

    public Range finished() {
        return finished;
    }

    public int limit() {
        return limit;
    }

    /** The operation behind which this page begins. */
    public Optional<Place> before() {
        return Optional.ofNullable(before);
    }

    /**
     * A wanted param or output.
     *
     * @param names the names under which it may be stored, at least one
     * @param json the value as it is stored; null if it must not be there
     */
    public record Value(List<String> names, @Nullable Object json) {

        public Value {
            names = names.stream().map(name -> Storable.text("name", name)).toList();
            if (names.isEmpty()) {
                throw new IllegalArgumentException("names must hold at least one name");
            }
            json = Storable.value('"' + names.get(0) + '"', json);
        }
    }

    /**
     * A span of time.
     *
     * @param from its begin, or null
     * @param to the first moment behind it, or null
     */
    public record Range(@Nullable Instant from, @Nullable Instant to) {

        /** All time. */
        public static final Range EVER = new Range(null, null);
    }

    /** A place in the order of searches: newest first, and of those created together the one with the larger id. */
    public record Place(Instant createdAt, long id) {}
}
