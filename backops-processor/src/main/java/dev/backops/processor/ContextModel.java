package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.NameAllocator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the generated context needs. What is not simple is left out, so that the context exists beside any mistake.
 *
 * @param record the record {@code Params}, if there is one that generated code can use
 */
record ContextModel(
        GeneratedHeader header, Optional<ClassName> record, List<FieldModel> params, List<FieldModel> outputs) {

    ContextModel {
        params = List.copyOf(params);
        outputs = List.copyOf(outputs);
    }

    static ContextModel of(OperationDeclaration operation) {
        NameAllocator constants = new NameAllocator();
        Set<String> names = new HashSet<>();
        List<FieldModel> params = new ArrayList<>();
        List<FieldModel> outputs = new ArrayList<>();
        boolean hasRecord = operation.params().isPresent();
        for (ValueDeclaration param : operation.paramValues()) {
            field(param, "", names, constants, hasRecord).ifPresent(params::add);
        }
        for (StepDeclaration step : operation.steps()) {
            step.outputValue()
                    .flatMap(output -> field(output, step.method(), names, constants, hasRecord))
                    .ifPresent(outputs::add);
        }
        Optional<ParamsDeclaration> record = operation.params().filter(ParamsDeclaration::isUsable);
        return new ContextModel(GeneratedHeader.of(operation), record.map(ParamsDeclaration::name), params, outputs);
    }

    /** The model of a context that could not be written. */
    static ContextModel empty(OperationDeclaration operation) {
        return new ContextModel(GeneratedHeader.of(operation), Optional.empty(), List.of(), List.of());
    }

    private static Optional<FieldModel> field(
            ValueDeclaration value, String source, Set<String> names, NameAllocator constants, boolean hasRecord) {
        String name = value.name();
        if (!(value.type().shape() instanceof Shape.Simple simple)
                || !JavaNames.isIdentifier(name)
                || JavaNames.isMethodOfObject(name)
                || (name.equals("of") && !hasRecord)
                || !names.add(name)) {
            return Optional.empty();
        }
        return Optional.of(new FieldModel(
                name,
                JavaNames.constant(name, constants),
                source,
                value.type().value(),
                value.type().nullness(),
                value.type().annotation(),
                simple.valueType()));
    }

    /** The param or output of that name. */
    FieldModel field(String name) {
        return params.stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElseGet(() -> outputs.stream()
                        .filter(field -> field.name().equals(name))
                        .findFirst()
                        .orElseThrow());
    }
}
