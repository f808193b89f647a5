package dev.backops.internal.engine;

import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.StepDefinition;
import dev.backops.internal.json.Json;
import dev.backops.internal.json.Storable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A definition as it is stored: the one place that knows the names in its JSON. */
public final class DefinitionJson {

    private DefinitionJson() {}

    /** The params, in order. */
    public static String params(OperationDefinition definition) {
        return Json.write(
                definition.params().stream().map(DefinitionJson::field).toList());
    }

    /**
     * The steps, in order. What running code decides for itself, such as retries, is not part of it. What repairs in SQL have
     * to know is worked out here: what a step {@code needs} for itself and all that follow, which one is
     * {@code next} without a jump, and which one stands {@code behind} it on its branch.
     */
    public static String steps(OperationDefinition definition) {
        List<Map<String, Object>> steps =
                definition.steps().stream().map(DefinitionJson::step).toList();
        Flow flow = new Flow(steps.stream().map(DefinitionJson::node).toList());
        Map<String, Set<String>> needs = flow.needs();
        for (Map<String, Object> step : steps) {
            String name = text(step, "name");
            step.put(
                    "needs",
                    needs.getOrDefault(name, Set.of()).stream().sorted().toList());
            flow.inOrder(name).ifPresent(next -> step.put("next", next));
            flow.behind(name).ifPresent(behind -> step.put("behind", behind));
        }
        return Json.write(steps);
    }

    /**
     * Refuses names that PostgreSQL cannot store.
     *
     * @throws IllegalArgumentException if there is one
     */
    static void requireStorable(OperationDefinition definition) {
        Stream<Field<?>> outputs = definition.steps().stream().flatMap(step -> step.outputs().stream());
        Object unused = Storable.value(
                "One of its names",
                List.of(
                        definition.params().stream().map(DefinitionJson::field).toList(),
                        definition.steps().stream().map(DefinitionJson::step).toList(),
                        Stream.concat(definition.params().stream(), outputs)
                                .map(Field::formerNames)
                                .toList(),
                        definition.steps().stream()
                                .map(StepDefinition::formerNames)
                                .toList(),
                        definition.formerBranches()));
    }

    /** Sixteen hex digits that differ where params or steps do: operations of one fingerprint resume alike. */
    public static String fingerprint(OperationDefinition definition) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((params(definition) + steps(definition)).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /**
     * The order of the steps in stored JSON.
     *
     * @throws IllegalArgumentException if somebody has edited it to what is no order of steps
     */
    static Flow flow(String steps) {
        try {
            return new Flow(
                    Json.readObjects(steps).stream().map(DefinitionJson::node).toList());
        } catch (ClassCastException e) {
            throw new IllegalArgumentException("The stored steps are not described as they should be", e);
        }
    }

    /**
     * The names of the params that are always there, in stored JSON.
     *
     * @throws IllegalArgumentException if somebody has edited it to what is no list of params
     */
    static List<String> requiredParams(String params) {
        return Json.readObjects(params).stream()
                .filter(param -> !Boolean.TRUE.equals(param.get("nullable")))
                .map(param -> text(param, "name"))
                .toList();
    }

    /** The names of all params and outputs in stored JSON; the same errors. */
    static Set<String> values(String params, String steps) {
        Stream<Map<String, Object>> outputs = Json.readObjects(steps).stream().flatMap(DefinitionJson::outputs);
        return Stream.concat(Json.readObjects(params).stream(), outputs)
                .map(value -> text(value, "name"))
                .collect(Collectors.toSet());
    }

    @SuppressWarnings("unchecked")
    private static Stream<Map<String, Object>> outputs(Map<String, Object> step) {
        return ((List<?>) step.getOrDefault("outputs", List.of())).stream().map(output -> (Map<String, Object>) output);
    }

    private static Map<String, Object> step(StepDefinition step) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", step.name());
        json.put("branch", step.branch());
        json.put("reads", step.reads());
        json.put("mayRead", step.mayRead());
        json.put("outputs", step.outputs().stream().map(DefinitionJson::field).toList());
        json.put("jumps", step.jumps());
        if (step.alwaysJumps()) {
            json.put("alwaysJumps", true);
        }
        putUnlessNull(json, "then", step.then());
        putUnlessNull(json, "onFailure", step.onFailure());
        putUnlessNull(json, "delay", step.delay().isZero() ? null : step.delay().toString());
        putUnlessNull(json, "at", step.at());
        return json;
    }

    private static void putUnlessNull(Map<String, Object> json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    private static Flow.Node node(Map<String, Object> step) {
        Set<String> sets = new LinkedHashSet<>();
        outputs(step)
                .filter(output -> !Boolean.TRUE.equals(output.get("nullable")))
                .forEach(output -> sets.add(text(output, "name")));
        return new Flow.Node(
                text(step, "name"),
                text(step, "branch"),
                new LinkedHashSet<>(texts(step, "reads")),
                sets,
                texts(step, "jumps"),
                Boolean.TRUE.equals(step.get("alwaysJumps")),
                (String) step.get("then"),
                (String) step.get("onFailure"));
    }

    private static String text(Map<String, Object> json, String name) {
        if (json.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("A step or param has no " + name);
    }

    private static List<String> texts(Map<String, Object> json, String name) {
        return ((List<?>) json.getOrDefault(name, List.of()))
                .stream().map(String::valueOf).toList();
    }

    private static Map<String, Object> field(Field<?> field) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", field.name());
        json.put("type", field.type().name());
        json.put("nullable", field.nullable());
        return json;
    }
}
