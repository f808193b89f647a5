package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.NameAllocator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the generated context needs. What cannot be named is left out, so that the context exists beside any mistake.
 *
 * @param record the record {@code Params}, if there is one that generated code can use
 * @param outputs one of each name, or two where one step may leave out what another one always sets
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
        boolean hasRecord = operation.params().isPresent();
        for (ValueDeclaration param : operation.paramValues()) {
            if (canBeNamed(param.name(), hasRecord) && names.add(param.name())) {
                field(param, List.of(), param.name(), constants).ifPresent(params::add);
            }
        }
        Optional<ParamsDeclaration> record = operation.params().filter(ParamsDeclaration::isUsable);
        return new ContextModel(
                GeneratedHeader.of(operation),
                record.map(ParamsDeclaration::name),
                params,
                outputs(operation, names, constants));
    }

    /** The model of a context that could not be written. */
    static ContextModel empty(OperationDeclaration operation) {
        return new ContextModel(GeneratedHeader.of(operation), Optional.empty(), List.of(), List.of());
    }

    private static List<FieldModel> outputs(
            OperationDeclaration operation, Set<String> params, NameAllocator constants) {
        boolean hasRecord = operation.params().isPresent();
        Map<String, Map<Boolean, ValueDeclaration>> values = new LinkedHashMap<>();
        Map<String, List<StepDeclaration>> setters = new LinkedHashMap<>();
        for (StepDeclaration step : operation.steps()) {
            for (OutputDeclaration output : step.outputs()) {
                String name = output.name();
                if (canBeNamed(name, hasRecord) && !params.contains(name)) {
                    values.computeIfAbsent(name, unseen -> new LinkedHashMap<>())
                            .putIfAbsent(output.mayBeMissing(), output.value());
                    setters.computeIfAbsent(name, unseen -> new ArrayList<>()).add(step);
                }
            }
        }
        List<FieldModel> outputs = new ArrayList<>();
        values.forEach((name, byNullness) -> byNullness.forEach((mayBeMissing, value) -> field(
                        value,
                        setters.getOrDefault(name, List.of()),
                        mayBeMissing && byNullness.size() > 1 ? name + "OrNull" : name,
                        constants)
                .ifPresent(outputs::add)));
        return outputs;
    }

    private static Optional<FieldModel> field(
            ValueDeclaration value, List<StepDeclaration> setters, String constant, NameAllocator constants) {
        List<ValueDeclaration> all = setters.isEmpty()
                ? List.of(value)
                : setters.stream()
                        .flatMap(step -> step.output(value.name()).stream())
                        .map(OutputDeclaration::value)
                        .toList();
        return value.type()
                .valueType()
                .map(valueType -> new FieldModel(
                        value.name(),
                        JavaNames.constant(constant, constants),
                        setters.stream().map(StepDeclaration::method).toList(),
                        value.type().value(),
                        value.type().nullness(),
                        value.type().annotation(),
                        valueType,
                        FormerNames.distinct(all.stream().flatMap(declared -> declared.marks().formerly().stream())),
                        value.type()
                                .kind()
                                .flatMap(kind -> value.marks().orElse().flatMap(text -> Defaults.read(kind, text))),
                        value.marks().indexed(),
                        all.stream().map(ValueDeclaration::privacy).reduce(Privacy.OPEN, Privacy::and)));
    }

    private static boolean canBeNamed(String name, boolean hasRecord) {
        return JavaNames.isIdentifier(name) && !JavaNames.isMethodOfObject(name) && (hasRecord || !name.equals("of"));
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

    /** The output of that name, as a step sets it that may leave it out or not. */
    FieldModel output(String name, boolean mayBeMissing) {
        return outputs.stream()
                .filter(field -> field.name().equals(name) && field.nullness().mayBeMissing() == mayBeMissing)
                .findFirst()
                .orElseThrow();
    }

    /** One output of each name. */
    List<FieldModel> outputNames() {
        Set<String> names = new HashSet<>();
        return outputs.stream().filter(output -> names.add(output.name())).toList();
    }
}
