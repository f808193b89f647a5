package dev.backops.model;

import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.StepDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The source of the operation as it was at some time: operations are stored by one version, and run by the code of another. */
record Version(int number, OperationDefinition definition, Paths paths) {

    static Version of(int number, OperationDefinition definition) {
        return new Version(number, definition, new Paths(definition));
    }

    /** What a step of another version is called here, if it is there. */
    Optional<String> step(String stored) {
        return definition.steps().stream()
                .filter(step -> step.name().equals(stored) || step.formerNames().contains(stored))
                .map(StepDefinition::name)
                .findFirst();
    }

    /** What a step, a branch or the end of another version is called here. */
    String place(String stored) {
        return step(stored)
                .or(() -> definition.formerBranches().entrySet().stream()
                        .filter(branch -> branch.getValue().contains(stored))
                        .map(Map.Entry::getKey)
                        .findFirst())
                .orElse(stored);
    }

    /** Values of another version under their names here. */
    Map<String, Object> values(Map<String, Object> stored) {
        Map<String, Object> values = new TreeMap<>();
        stored.forEach((name, value) -> values.put(value(name), value));
        return values;
    }

    /** What values of another version are called here. */
    List<String> values(List<String> stored) {
        return stored.stream().map(this::value).toList();
    }

    private String value(String stored) {
        return definition.steps().stream()
                .flatMap(step -> step.outputs().stream())
                .filter(output -> output.formerNames().contains(stored))
                .map(Field::name)
                .findFirst()
                .orElse(stored);
    }

    Set<String> params() {
        return definition.params().stream()
                .filter(param -> !param.nullable())
                .map(Field::name)
                .collect(Collectors.toSet());
    }

    boolean knowsName(Version stored) {
        String name = stored.definition().name();
        return definition.name().equals(name) || definition.formerNames().contains(name);
    }

    /** Why this code cannot finish what was stored by another version; empty if it can. */
    Optional<String> lacks(Version stored) {
        if (!knowsName(stored)) {
            return Optional.of(
                    "no live worker knows operation " + stored.definition().name());
        }
        String steps = stored.definition().steps().stream()
                .map(StepDefinition::name)
                .filter(name -> step(name).isEmpty())
                .collect(Collectors.joining(", "));
        if (!steps.isEmpty()) {
            return Optional.of("no live worker knows step " + steps);
        }
        Map<String, String> storedNames = new HashMap<>();
        stored.outputs().forEach(output -> storedNames.put(value(output), output));
        String values = stored
                .paths()
                .lackingFromTheStart(
                        stored.params(),
                        name -> paths.step(step(name).orElseThrow()).reads().stream()
                                .map(value -> storedNames.getOrDefault(value, value))
                                .toList())
                .stream()
                .map(this::value)
                .sorted()
                .collect(Collectors.joining(", "));
        return values.isEmpty() ? Optional.empty() : Optional.of("no live worker can do without a value for " + values);
    }

    /**
     * Whether this code would run what was stored by another version, and store an output under a name that the other does not
     * know: code from before the output was renamed.
     */
    boolean confuses(Version stored) {
        Set<String> known = outputs().collect(Collectors.toSet());
        return lacks(stored).isEmpty() && !stored.outputs().map(this::value).allMatch(known::contains);
    }

    private Stream<String> outputs() {
        return definition.steps().stream()
                .flatMap(step -> step.outputs().stream())
                .map(Field::name)
                .distinct();
    }

    @Override
    public String toString() {
        return "version " + number;
    }
}
