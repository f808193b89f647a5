package dev.backops.processor;

import com.palantir.javapoet.TypeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Binds the parameters of steps, by type or by name, to what is set when the step starts. */
final class Wiring {

    private final OperationDeclaration operation;

    Wiring(OperationDeclaration operation) {
        this.operation = operation;
    }

    Binding bind(StepDeclaration step, ParameterDeclaration parameter) {
        TypeName type = parameter.type().value();
        if (type.equals(operation.names().context())) {
            return new Binding.Context();
        }
        if (type.equals(TypeNames.STEP_RUN)) {
            return new Binding.Run();
        }
        return bind(step, parameter.name());
    }

    /** The names of what is set when a step starts, in the order in which it is set. */
    List<String> known(StepDeclaration step) {
        return reads(step).stream().map(read -> read.value().name()).distinct().toList();
    }

    private Binding bind(StepDeclaration step, String name) {
        if (isAmbiguous(name)) {
            return new Binding.Undecided();
        }
        Optional<Binding.Read> read = reads(step).stream()
                .filter(candidate -> candidate.value().name().equals(name))
                .findFirst();
        if (read.isPresent()) {
            return read.get();
        }
        Optional<StepDeclaration> setter = operation.steps().stream()
                .filter(candidate -> candidate.output().equals(name))
                .findFirst();
        if (setter.isPresent()) {
            return new Binding.Unset(setter.get());
        }
        return paramsAreUnknown() || isMisnamedParam(name) ? new Binding.Undecided() : new Binding.Unknown();
    }

    /** Whether steps take components of a record that is not called {@code Params}. */
    boolean needsMisnamedParams() {
        return operation.steps().stream()
                .anyMatch(step -> step.parameters().stream()
                        .anyMatch(parameter -> bind(step, parameter) instanceof Binding.Undecided
                                && isMisnamedParam(parameter.name())));
    }

    private boolean isMisnamedParam(String name) {
        return operation.params().isEmpty()
                && operation.misnamedParams().stream()
                        .flatMap(misnamed -> misnamed.components().stream())
                        .anyMatch(component -> component.name().equals(name));
    }

    private List<Binding.Read> reads(StepDeclaration step) {
        List<Binding.Read> reads = new ArrayList<>();
        operation.paramValues().forEach(param -> reads.add(new Binding.Read(param, "the param")));
        for (StepDeclaration earlier :
                operation.steps().subList(0, operation.steps().indexOf(step))) {
            earlier.outputValue()
                    .ifPresent(output -> reads.add(new Binding.Read(output, "what " + earlier.method() + " returns")));
        }
        return reads;
    }

    /** Whether a name is given twice, or to the result of a step that returns nothing. */
    private boolean isAmbiguous(String name) {
        List<StepDeclaration> setters = operation.steps().stream()
                .filter(step -> step.output().equals(name))
                .toList();
        Stream<ValueDeclaration> params =
                operation.paramValues().stream().filter(param -> param.name().equals(name));
        return setters.size() + params.count() > 1
                || setters.stream().anyMatch(step -> step.outputValue().isEmpty());
    }

    private boolean paramsAreUnknown() {
        return operation.params().filter(params -> !params.isRecord()).isPresent();
    }
}
