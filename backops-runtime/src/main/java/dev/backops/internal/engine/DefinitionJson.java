package dev.backops.internal.engine;

import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.StepDefinition;
import dev.backops.internal.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A definition as it is stored: the one place that knows the names in its JSON. */
public final class DefinitionJson {

    private DefinitionJson() {}

    /** The params, in order. */
    public static String params(OperationDefinition definition) {
        return Json.write(
                definition.params().stream().map(DefinitionJson::field).toList());
    }

    /** The steps, in order. What running code decides for itself, such as retries, is not part of it. */
    public static String steps(OperationDefinition definition) {
        return Json.write(definition.steps().stream().map(DefinitionJson::step).toList());
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

    static List<String> stepNames(String steps) {
        return Json.readObjects(steps).stream()
                .map(step -> (String) step.get("name"))
                .toList();
    }

    static List<String> requiredParams(String params) {
        return Json.readObjects(params).stream()
                .filter(param -> !Boolean.TRUE.equals(param.get("nullable")))
                .map(param -> (String) param.get("name"))
                .toList();
    }

    private static Map<String, Object> step(StepDefinition step) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", step.name());
        json.put("reads", step.reads());
        json.put("mayRead", step.mayRead());
        json.put("outputs", step.outputs().stream().map(DefinitionJson::field).toList());
        return json;
    }

    private static Map<String, Object> field(Field<?> field) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", field.name());
        json.put("type", field.type().name());
        json.put("nullable", field.nullable());
        return json;
    }
}
