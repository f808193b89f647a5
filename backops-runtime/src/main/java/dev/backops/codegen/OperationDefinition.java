package dev.backops.codegen;

import dev.backops.annotation.Dedupe;
import dev.backops.annotation.KeyScope;
import dev.backops.annotation.Priority;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An operation as its source declares it: the stored name, the params, and the steps in their order. Immutable: each
 * setting returns another definition.
 */
public final class OperationDefinition {

    /** The queue of operations that name none. */
    public static final String DEFAULT_QUEUE = "default";

    private final String name;
    private List<String> formerNames = List.of();
    private List<Field<?>> params = List.of();
    private List<StepDefinition> steps = List.of();
    private Map<String, List<String>> formerBranches = Map.of();
    private String queue = DEFAULT_QUEUE;
    private Priority priority = Priority.NORMAL;
    private List<String> key = List.of();
    private KeyScope keyScope = KeyScope.FOREVER;
    private Dedupe dedupe = Dedupe.BY_KEY;

    private OperationDefinition(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    /** An operation without params and steps; those follow. */
    public static OperationDefinition named(String name) {
        return new OperationDefinition(name);
    }

    private OperationDefinition with(Consumer<OperationDefinition> change) {
        OperationDefinition copy = new OperationDefinition(name);
        copy.formerNames = formerNames;
        copy.params = params;
        copy.steps = steps;
        copy.formerBranches = formerBranches;
        copy.queue = queue;
        copy.priority = priority;
        copy.key = key;
        copy.keyScope = keyScope;
        copy.dedupe = dedupe;
        change.accept(copy);
        return copy;
    }

    /** Names under which the operation was stored before; work stored under them is this operation's. */
    public OperationDefinition formerly(String... names) {
        return with(copy -> copy.formerNames = List.of(names));
    }

    public OperationDefinition params(Field<?>... fields) {
        return with(copy -> copy.params = List.of(fields));
    }

    /** This and one more step behind the others. */
    public OperationDefinition step(StepDefinition step) {
        return with(copy -> {
            List<StepDefinition> more = new ArrayList<>(steps);
            more.add(step);
            copy.steps = List.copyOf(more);
        });
    }

    /** This, with the names that a branch was stored under before. */
    public OperationDefinition formerBranch(String branch, String... formerBranchNames) {
        return with(copy -> {
            Map<String, List<String>> more = new LinkedHashMap<>(formerBranches);
            more.put(branch, List.of(formerBranchNames));
            copy.formerBranches = Map.copyOf(more);
        });
    }

    public OperationDefinition queue(String newQueue) {
        return with(copy -> copy.queue = Objects.requireNonNull(newQueue, "queue"));
    }

    public OperationDefinition priority(Priority newPriority) {
        return with(copy -> copy.priority = Objects.requireNonNull(newPriority, "priority"));
    }

    /** The params that make the key of an enqueue that gives none. */
    public OperationDefinition key(String... paramNames) {
        return with(copy -> copy.key = List.of(paramNames));
    }

    public OperationDefinition keyScope(KeyScope scope) {
        return with(copy -> copy.keyScope = Objects.requireNonNull(scope, "keyScope"));
    }

    public OperationDefinition dedupe(Dedupe newDedupe) {
        return with(copy -> copy.dedupe = Objects.requireNonNull(newDedupe, "dedupe"));
    }

    /** The stored name. */
    public String name() {
        return name;
    }

    /** Names under which it was stored before. */
    public List<String> formerNames() {
        return formerNames;
    }

    /** The components of the params record, in order. */
    public List<Field<?>> params() {
        return params;
    }

    /** At least one, in the order in which they run, names unique. */
    public List<StepDefinition> steps() {
        return steps;
    }

    /** The names that branches were stored under before, by the present name. */
    public Map<String, List<String>> formerBranches() {
        return formerBranches;
    }

    /** The queue of an enqueue. */
    public String queue() {
        return queue;
    }

    /** The priority of an enqueue that gives none. */
    public Priority priority() {
        return priority;
    }

    /** The params that make the key of an enqueue that gives none; empty if none do. */
    public List<String> key() {
        return key;
    }

    /** For how long a key holds. */
    public KeyScope keyScope() {
        return keyScope;
    }

    /** What makes two enqueues the same. */
    public Dedupe dedupe() {
        return dedupe;
    }

    /** The step with a name, if there is one. */
    public Optional<StepDefinition> step(String stepName) {
        return steps.stream().filter(step -> step.name().equals(stepName)).findFirst();
    }

    /** The step with which the operation begins. */
    public StepDefinition firstStep() {
        return steps.stream()
                .filter(step -> step.branch().equals(StepDefinition.MAIN))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "Operation " + name + " has no step on its branch " + StepDefinition.MAIN));
    }

    @Override
    public String toString() {
        return name;
    }
}
