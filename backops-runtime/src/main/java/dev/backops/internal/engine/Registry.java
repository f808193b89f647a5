package dev.backops.internal.engine;

import dev.backops.RegistrationException;
import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepDefinition;
import dev.backops.internal.store.DefinitionStore.DefinitionRow;
import dev.backops.internal.store.WorkerStore.Knowledge;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operations that this process can run, and the stored definitions that it can finish. */
final class Registry {

    private static final Logger log = LoggerFactory.getLogger(Registry.class);

    private final Map<String, OperationSteps> operations = new ConcurrentHashMap<>();

    private volatile Map<Integer, StoredDefinition> runnable = Map.of();

    private volatile Map<Integer, Lack> lacks = Map.of();

    /** Queues in which something was ready, beside those that the operations name. */
    private volatile Set<String> otherQueues = Set.of();

    /** Those that were complained of already. */
    private final Set<Integer> unreadable = ConcurrentHashMap.newKeySet();

    /** The queues that this process leaves to others. */
    private final Collection<String> leaves;

    Registry() {
        this(Map.of());
    }

    /** One for a process that runs so many steps at a time of some queues. */
    Registry(Map<String, Integer> ownThreads) {
        leaves = ownThreads.entrySet().stream()
                .filter(queue -> queue.getValue() == 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Adds an operation. */
    void add(OperationSteps steps) {
        OperationDefinition definition = steps.definition();
        DefinitionIds.requireSteps(definition);
        definition.steps().forEach(step -> requireBody(steps, step));
        operations.values().forEach(other -> requireOwnFormerNames(definition, other.definition()));
        if (operations.putIfAbsent(definition.name(), steps) != null) {
            throw new RegistrationException("Operation " + definition.name()
                    + " is registered already. Register each operation once, and give two different ones two names.");
        }
    }

    /** What is stored under a former name must find one class, too; compilers that see one class at a time cannot tell. */
    private static void requireOwnFormerNames(OperationDefinition definition, OperationDefinition other) {
        Set<String> shared = new TreeSet<>(definition.formerNames());
        shared.retainAll(other.formerNames());
        if (!shared.isEmpty() && !definition.name().equals(other.name())) {
            throw new RegistrationException("Operations " + other.name() + " and " + definition.name()
                    + " both claim what is stored as " + String.join(", ", shared)
                    + ". Remove it from the former names of one.");
        }
    }

    private static void requireBody(OperationSteps steps, StepDefinition step) {
        try {
            Object unused = StoredDefinition.body(steps, step);
        } catch (IllegalArgumentException e) {
            throw new RegistrationException(
                    "Operation " + steps.definition().name() + " has no code for its step " + step + ".");
        }
    }

    Collection<OperationSteps> operations() {
        return List.copyOf(operations.values());
    }

    boolean knows(String operation) {
        return operations.containsKey(operation);
    }

    /** Every name under which an operation of today may be stored. */
    Set<String> storedNames() {
        Set<String> names = new HashSet<>(operations.keySet());
        operations.values().forEach(steps -> names.addAll(steps.definition().formerNames()));
        return names;
    }

    /** Looks again at which stored definitions the code can finish; returns whether there are others than before. */
    boolean update(List<DefinitionRow> rows) {
        Map<Integer, StoredDefinition> found = new HashMap<>();
        Map<Integer, Lack> notFound = new TreeMap<>();
        for (DefinitionRow row : rows) {
            code(row.name()).ifPresent(code -> match(row, code, found, notFound));
        }
        boolean changed = !found.keySet().equals(runnable.keySet());
        runnable = Map.copyOf(found);
        lacks = notFound;
        return changed;
    }

    private Optional<OperationSteps> code(String storedName) {
        OperationSteps namesake = operations.get(storedName);
        return namesake != null
                ? Optional.of(namesake)
                : operations.values().stream()
                        .filter(steps -> steps.definition().formerNames().contains(storedName))
                        .findFirst();
    }

    private void match(
            DefinitionRow row, OperationSteps code, Map<Integer, StoredDefinition> found, Map<Integer, Lack> notFound) {
        try {
            Flow flow = DefinitionJson.flow(row.steps());
            List<String> params = DefinitionJson.requiredParams(row.params());
            StoredNames names =
                    StoredNames.of(flow, DefinitionJson.values(row.params(), row.steps()), code.definition());
            if (!names.missingSteps().isEmpty()) {
                notFound.put(row.id(), new Lack(names.missingSteps(), List.of()));
                return;
            }
            StoredDefinition stored = new StoredDefinition(row.id(), row.name(), flow.named(names), names, code);
            List<String> missing = missingValues(stored, params);
            if (missing.isEmpty()) {
                found.put(row.id(), stored);
            } else {
                notFound.put(row.id(), new Lack(List.of(), missing));
            }
        } catch (IllegalArgumentException e) {
            // One edited row must not keep a process from all others.
            if (unreadable.add(row.id())) {
                log.error(
                        "Definition {} of {} was edited and cannot be read; its operations wait",
                        row.id(),
                        row.name(),
                        e);
            }
        }
    }

    /** What a worker tells the others. */
    Knowledge knowledge() {
        Map<String, String> reasons = new TreeMap<>();
        lacks.forEach((id, lack) -> reasons.put(Integer.toString(id), lack.reason()));
        return new Knowledge(definitions(), reasons, leaves);
    }

    /** What keeps the code from finishing stored definitions of its operations, by their ids. */
    Map<Integer, Lack> lacks() {
        return lacks;
    }

    /**
     * Notes in which queues beside the declared ones something is ready; returns whether one is new. What was enqueued before a
     * deploy may wait there.
     */
    boolean updateQueues(Collection<String> ready) {
        Set<String> before = queues();
        otherQueues = Set.copyOf(ready);
        return !before.containsAll(ready);
    }

    /** Every queue in which work for this process may lie, in order. */
    Set<String> queues() {
        Set<String> queues = declaredQueues();
        queues.addAll(otherQueues);
        return queues;
    }

    /** The queues in which enqueues by this code lie, in order. */
    Set<String> declaredQueues() {
        Set<String> queues = new TreeSet<>();
        queues.add(OperationDefinition.DEFAULT_QUEUE);
        operations.values().forEach(steps -> queues.add(steps.definition().queue()));
        return queues;
    }

    /** The ids of the stored definitions that may be claimed. */
    Set<Integer> definitions() {
        return runnable.keySet();
    }

    /** A stored definition that was claimed. */
    StoredDefinition definition(int id) {
        StoredDefinition definition = runnable.get(id);
        if (definition == null) {
            throw new IllegalStateException("Definition " + id + " was claimed, but is not known here");
        }
        return definition;
    }

    /** What steps read that need not be there. */
    private static List<String> missingValues(StoredDefinition stored, List<String> storedParams) {
        Set<String> missing = new TreeSet<>(
                stored.flow().reading(name -> stored.step(name).reads()).needsAtStart());
        storedParams.forEach(param -> missing.remove(stored.names().value(param)));
        for (Field<?> param : stored.code().definition().params()) {
            if (param.orElse() != null) {
                missing.remove(param.name());
            }
        }
        return List.copyOf(missing);
    }

    /** What the code does not have of a stored definition: steps, or values that a step reads. */
    record Lack(List<String> steps, List<String> values) {

        /** The reason as the views show it. */
        String reason() {
            return steps.isEmpty()
                    ? "no live worker can do without a value for " + String.join(", ", values)
                    : "no live worker knows step " + String.join(", ", steps);
        }
    }
}
