package dev.backops.model;

import dev.backops.Status;
import dev.backops.annotation.KeyScope;
import dev.backops.model.ModelOperation.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is to be seen of some operations and the workers that run them once nothing happens any more: whatever is due and known
 * to a live worker runs, and nothing else does. Pure: no clock, no thread, no database.
 */
final class Model {

    /** For how many hours what is over is kept; a little longer, so that no hour is in doubt. */
    private static final Map<State, Integer> KEEP =
            Map.of(State.COMPLETED, 5, State.CANCELLED, 3, State.COMPENSATED, 8);

    static final Map<Status, Duration> KEEP_SETTINGS = Map.of(
            Status.COMPLETED, keep(State.COMPLETED),
            Status.CANCELLED, keep(State.CANCELLED),
            Status.COMPENSATED, keep(State.COMPENSATED));

    private final List<Version> versions;
    private final Instant base;
    private final Map<Integer, ModelOperation> operations = new TreeMap<>();

    /** The code of each live worker. */
    private final Map<Integer, Version> workers = new TreeMap<>();

    private int now;

    /** Hours in values count from {@code base}. */
    Model(List<Version> versions, Instant base) {
        this.versions = versions;
        this.base = base;
    }

    private static Duration keep(State outcome) {
        return Duration.ofHours(KEEP.getOrDefault(outcome, 0)).plusMinutes(30);
    }

    List<Version> versions() {
        return versions;
    }

    int now() {
        return now;
    }

    Instant base() {
        return base;
    }

    Collection<ModelOperation> operations() {
        return operations.values();
    }

    Optional<ModelOperation> operation(int label) {
        return Optional.ofNullable(operations.get(label));
    }

    Optional<ModelOperation> running(int label) {
        return operation(label).filter(one -> one.is(State.RUNNING));
    }

    Map<Integer, Version> workers() {
        return workers;
    }

    /** Whether a crash more may make a suspect of an operation, of which each worker runs one at a time. */
    boolean suspectsAreNear() {
        return operations.values().stream().anyMatch(one -> !one.isOver() && one.crashes() >= 2);
    }

    /** Whether code may be deployed beside what is stored; see {@link Version#confuses}. */
    boolean allows(Version code) {
        return operations.values().stream().noneMatch(one -> !one.isOver() && code.confuses(one.version));
    }

    /** Whether an operation may be stored beside what is deployed. */
    boolean allowsStoring(Version version) {
        return workers.values().stream().noneMatch(code -> code.confuses(version));
    }

    /** Adds an operation; says whether it was added, which one has its key, or that this one has other params. */
    String enqueue(int label, Version version, @Nullable String key, long number, @Nullable Integer at, int delay) {
        // Under a former name first.
        Optional<ModelOperation> holder = operations.values().stream()
                .filter(one -> key != null && key.equals(one.key()) && version.knowsName(one.version))
                .filter(one -> version.definition().keyScope() == KeyScope.FOREVER || !one.isOver())
                .min(Comparator.comparing(one -> one.version
                        .definition()
                        .name()
                        .equals(version.definition().name())));
        if (holder.isPresent()) {
            return holder.get().number() == number ? "it is operation " + holder.get().label : "conflict";
        }
        Instant when = at == null ? null : base.plus(Duration.ofHours(at));
        ModelOperation added = new ModelOperation(label, version, number, when, key, base);
        added.enqueued(now, delay);
        operations.put(label, added);
        return "added";
    }

    void start(int worker, Version code) {
        workers.put(worker, code);
        operations.values().removeIf(one -> isOutdated(one, now));
    }

    /** The worker gives back what it runs. */
    void stop(int worker) {
        workers.remove(worker);
        runningOn(worker).forEach(one -> one.isGivenBack(now));
    }

    /** The worker dies, and another one takes what it ran. */
    void crash(int worker) {
        workers.remove(worker);
        runningOn(worker).forEach(one -> one.isRescued(now));
    }

    private List<ModelOperation> runningOn(int worker) {
        return operations.values().stream()
                .filter(one -> one.is(State.RUNNING) && one.worker() == worker)
                .toList();
    }

    void jump(int hours) {
        now += hours;
    }

    /** Whether something is to be deleted when a worker looks in so many hours. */
    boolean hasOutdatedIn(int hours) {
        return operations.values().stream().anyMatch(one -> isOutdated(one, now + hours));
    }

    private static boolean isOutdated(ModelOperation operation, int then) {
        Integer keep = KEEP.get(operation.state());
        return keep != null && then - operation.ended() > keep;
    }

    /** What nobody can run is put aside. */
    void park() {
        if (!workers.isEmpty()) {
            operations.values().stream()
                    .filter(one -> one.is(State.READY) && runner(one).isEmpty())
                    .forEach(ModelOperation::isPutAside);
        }
    }

    /** Lets the workers do what they do by themselves. */
    void settle() {
        if (!workers.isEmpty()) {
            operations.values().stream()
                    .filter(one -> one.is(State.SCHEDULED) && one.due() <= now)
                    .forEach(ModelOperation::becomesDue);
        }
        operations.values().stream()
                .filter(one -> one.is(State.READY))
                .sorted(Comparator.comparing(ModelOperation::crashes).thenComparing(one -> one.label))
                .filter(one -> !one.isSuspect() || suspectsRunning() < workers.size())
                .forEach(one -> runner(one).ifPresent(one::starts));
    }

    private long suspectsRunning() {
        return operations.values().stream()
                .filter(one -> one.is(State.RUNNING) && one.isSuspect())
                .count();
    }

    private Optional<Integer> runner(ModelOperation operation) {
        return workers.entrySet().stream()
                .filter(worker -> worker.getValue().lacks(operation.version).isEmpty())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Why an operation that was put aside waits. */
    String reason(ModelOperation operation) {
        String otherwise = "no live worker knows operation "
                + operation.version.definition().name();
        return workers.values().stream()
                .flatMap(code -> code.lacks(operation.version).stream())
                .filter(reason -> !reason.equals(otherwise))
                .min(Comparator.naturalOrder())
                .orElse(otherwise);
    }
}
