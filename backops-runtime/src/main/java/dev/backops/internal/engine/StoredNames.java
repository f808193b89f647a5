package dev.backops.internal.engine;

import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.StepDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the names in a stored definition are called in the code of today. Rows of an operation speak the language of the
 * definition that it was enqueued with, whoever writes them: so they agree with each other, and the code of before the
 * renaming still understands them after a rollback. In memory everything has the names of today.
 */
public final class StoredNames {

    /** Steps, branches and values by the stored name; those alone that are called otherwise today. */
    private final Map<String, String> steps = new HashMap<>();

    private final Map<String, String> branches = new HashMap<>();
    private final Map<String, String> values = new HashMap<>();

    /** Steps and values the other way round. */
    private final Map<String, String> storedSteps = new HashMap<>();

    private final Map<String, String> storedValues = new HashMap<>();

    private final List<String> missingSteps = new ArrayList<>();

    /** Everything is called as it is stored. */
    StoredNames() {}

    /** The names in the code for those in a stored definition. */
    static StoredNames of(Flow stored, Set<String> storedValues, OperationDefinition code) {
        StoredNames names = new StoredNames();
        names.mapSteps(stored, code);
        for (String branch : stored.branches()) {
            if (code.steps().stream().noneMatch(step -> step.branch().equals(branch))) {
                find(code.formerBranches(), branch).ifPresent(today -> names.branches.put(branch, today));
            }
        }
        List<Field<?>> fields = fields(code);
        for (String value : storedValues) {
            if (fields.stream().noneMatch(field -> field.name().equals(value))) {
                fields.stream()
                        .filter(field -> field.formerNames().contains(value) && !storedValues.contains(field.name()))
                        .findFirst()
                        .ifPresent(field -> {
                            names.values.put(value, field.name());
                            names.storedValues.put(field.name(), value);
                        });
            }
        }
        return names;
    }

    private void mapSteps(Flow stored, OperationDefinition code) {
        Set<String> free = new LinkedHashSet<>();
        code.steps().forEach(step -> free.add(step.name()));
        free.removeAll(stored.steps());
        for (String name : stored.steps()) {
            if (code.step(name).isPresent()) {
                continue;
            }
            Optional<String> today = code.steps().stream()
                    .filter(step -> step.formerNames().contains(name))
                    .map(StepDefinition::name)
                    .filter(free::remove)
                    .findFirst();
            if (today.isPresent()) {
                steps.put(name, today.get());
                storedSteps.put(today.get(), name);
            } else {
                missingSteps.add(name);
            }
        }
    }

    private static Optional<String> find(Map<String, List<String>> formerNames, String name) {
        return formerNames.entrySet().stream()
                .filter(entry -> entry.getValue().contains(name))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static List<Field<?>> fields(OperationDefinition code) {
        List<Field<?>> fields = new ArrayList<>(code.params());
        code.steps().forEach(step -> fields.addAll(step.outputs()));
        return fields;
    }

    /** The stored steps that the code does not have. */
    List<String> missingSteps() {
        return missingSteps;
    }

    /** The name of today of a stored step, or of a place to go on with. */
    String place(String stored) {
        return steps.getOrDefault(stored, branches.getOrDefault(stored, stored));
    }

    String branch(String stored) {
        return branches.getOrDefault(stored, stored);
    }

    String value(String stored) {
        return values.getOrDefault(stored, stored);
    }

    /** The stored name of a step of today. */
    public String stored(String step) {
        return storedSteps.getOrDefault(step, step);
    }

    /** The stored name of a value of today. */
    public String storedValue(String value) {
        return storedValues.getOrDefault(value, value);
    }

    /** Stored values by the names of today. */
    Map<String, Object> today(Map<String, Object> stored) {
        return renamed(stored, values);
    }

    /** Values of today by their stored names. */
    public <V extends @Nullable Object> Map<String, V> stored(Map<String, V> today) {
        return renamed(today, storedValues);
    }

    private static <V extends @Nullable Object> Map<String, V> renamed(Map<String, V> all, Map<String, String> names) {
        if (names.isEmpty()) {
            return all;
        }
        Map<String, V> renamed = new LinkedHashMap<>();
        all.forEach((name, value) -> renamed.put(names.getOrDefault(name, name), value));
        return renamed;
    }
}
