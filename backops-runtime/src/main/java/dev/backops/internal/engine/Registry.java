package dev.backops.internal.engine;

import dev.backops.RegistrationException;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepDefinition;
import dev.backops.internal.store.DefinitionStore.DefinitionRow;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operations that this process can run, and the stored definitions that it can finish. */
final class Registry {

    private static final Logger log = LoggerFactory.getLogger(Registry.class);

    private final Map<String, OperationSteps> operations = new ConcurrentHashMap<>();

    private volatile Map<Integer, StoredDefinition> runnable = Map.of();

    /** Queues in which something was ready, beside those that the operations name. */
    private volatile Set<String> otherQueues = Set.of();

    /** Those that were complained of already. */
    private final Set<Integer> unreadable = ConcurrentHashMap.newKeySet();

    /** Adds an operation. */
    void add(OperationSteps steps) {
        OperationDefinition definition = steps.definition();
        DefinitionIds.requireSteps(definition);
        definition.steps().forEach(step -> requireBody(steps, step));
        if (operations.putIfAbsent(definition.name(), steps) != null) {
            throw new RegistrationException("Operation " + definition.name()
                    + " is registered already. Register each operation once, and give two different ones two names.");
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

    Set<String> names() {
        return Set.copyOf(operations.keySet());
    }

    /** Looks again at which stored definitions the code can finish; returns whether there are others than before. */
    boolean update(List<DefinitionRow> rows) {
        Map<Integer, StoredDefinition> found = new HashMap<>();
        for (DefinitionRow row : rows) {
            runnable(row).ifPresent(definition -> found.put(row.id(), definition));
        }
        boolean changed = !found.keySet().equals(runnable.keySet());
        runnable = Map.copyOf(found);
        return changed;
    }

    private Optional<StoredDefinition> runnable(DefinitionRow row) {
        OperationSteps code = operations.get(row.name());
        if (code == null) {
            return Optional.empty();
        }
        try {
            StoredDefinition stored = new StoredDefinition(row.id(), DefinitionJson.flow(row.steps()), code);
            List<String> params = DefinitionJson.requiredParams(row.params());
            return finishes(stored, params) ? Optional.of(stored) : Optional.empty();
        } catch (IllegalArgumentException e) {
            // One edited row must not keep a process from all others.
            if (unreadable.add(row.id())) {
                log.error(
                        "Definition {} of {} was edited and cannot be read; its operations wait",
                        row.id(),
                        row.name(),
                        e);
            }
            return Optional.empty();
        }
    }

    /** Notes in which queues something is ready; returns whether one is new. What was enqueued before a deploy may wait in others. */
    boolean updateQueues(Collection<String> ready) {
        Set<String> before = queues();
        otherQueues = Set.copyOf(ready);
        return !before.containsAll(ready);
    }

    /** Every queue in which work for this process may lie, in order. */
    Set<String> queues() {
        Set<String> queues = new TreeSet<>(otherQueues);
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

    /** Whether the code has every step of a stored definition, and each finds there what it reads. */
    private static boolean finishes(StoredDefinition stored, List<String> params) {
        OperationDefinition code = stored.code().definition();
        if (!stored.flow().steps().stream().allMatch(name -> code.step(name).isPresent())) {
            return false;
        }
        Set<String> needed =
                stored.flow().reading(name -> stored.step(name).reads()).needsAtStart();
        return new HashSet<>(params).containsAll(needed);
    }
}
