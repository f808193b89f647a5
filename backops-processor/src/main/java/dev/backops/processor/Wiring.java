package dev.backops.processor;

import com.palantir.javapoet.TypeName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Binds the parameters of steps, by type or by name, to what is set when the step starts. */
final class Wiring {

    private final OperationDeclaration operation;
    private final FlowGraph graph;
    private final Map<String, List<StepDeclaration>> setters = new HashMap<>();
    private final Map<String, OutputFlow> flows = new HashMap<>();

    Wiring(OperationDeclaration operation) {
        this.operation = operation;
        this.graph = operation.flow();
        for (StepDeclaration step : operation.steps()) {
            step.outputs().stream()
                    .map(OutputDeclaration::name)
                    .distinct()
                    .forEach(name -> setters.computeIfAbsent(name, unseen -> new ArrayList<>())
                            .add(step));
        }
    }

    Binding bind(StepDeclaration step, ParameterDeclaration parameter) {
        return byType(parameter.type().declared())
                .orElseGet(() -> bind(step, parameter.name(), parameter.type().takesMissing()));
    }

    /** Whether a parameter of that type is passed to the steps of every operation. */
    static boolean isAlwaysThere(TypeName type) {
        return type.equals(TypeNames.STEP_RUN) || type.equals(TypeNames.HANDLE) || type.equals(TypeNames.CONNECTION);
    }

    /** What is always there, whatever the parameter is called. */
    Optional<Binding> byType(TypeName type) {
        if (type.equals(operation.names().context())) {
            return Optional.of(new Binding.Context());
        }
        if (type.equals(TypeNames.STEP_RUN)) {
            return Optional.of(new Binding.Run());
        }
        if (type.equals(TypeNames.HANDLE)) {
            return Optional.of(new Binding.Handle());
        }
        return type.equals(TypeNames.CONNECTION) ? Optional.of(new Binding.Connection()) : Optional.empty();
    }

    /**
     * What a name stands for when a step starts.
     *
     * @param takesMissing whether it may be missing
     */
    Binding bind(StepDeclaration step, String name, boolean takesMissing) {
        List<StepDeclaration> setters = setters(name);
        if (isAmbiguous(name, setters)) {
            return new Binding.Undecided();
        }
        Optional<ValueDeclaration> param = operation.paramValues().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst();
        if (param.isPresent()) {
            return new Binding.Read(param.get(), "the param");
        }
        if (!setters.isEmpty()) {
            return output(operation.steps().indexOf(step), name, setters, takesMissing);
        }
        return paramsAreUnknown() || isMisnamedParam(name) ? new Binding.Undecided() : new Binding.Unknown();
    }

    /** The names of what may be set when a step starts, in the order of the steps. */
    List<String> known(StepDeclaration step) {
        int index = operation.steps().indexOf(step);
        Stream<String> outputs = operation.outputValues().stream()
                .map(ValueDeclaration::name)
                .filter(name -> graph.reaches(index) && flow(name).maySetAt(index));
        return Stream.concat(operation.paramValues().stream().map(ValueDeclaration::name), outputs)
                .distinct()
                .toList();
    }

    /** Whether steps take components of a record that is not called {@code Params}. */
    boolean needsMisnamedParams() {
        return operation.steps().stream()
                .anyMatch(step -> step.parameters().stream()
                        .anyMatch(parameter -> isMisnamedParam(parameter.name())
                                && bind(step, parameter) instanceof Binding.Undecided));
    }

    /** Steps to which nothing leads find everything: they are reported for themselves, and never run. */
    private Binding output(int step, String name, List<StepDeclaration> setters, boolean takesMissing) {
        if (!graph.reaches(step)) {
            return read(setters.get(0), name);
        }
        OutputFlow flow = flow(name);
        if (takesMissing) {
            // An action type takes what other operations have set, and does without where this one has not.
            boolean mayDoWithout = operation.steps().get(step).action().isPresent();
            return mayDoWithout || flow.maySetAt(step)
                    ? read(setters.get(0), name)
                    : new Binding.Unset(setters, Optional.empty());
        }
        Optional<OutputFlow.Value> leftOut = flow.valuesAt(step).stream()
                .filter(value -> !value.isSet() && value.setter() >= 0)
                .findFirst();
        if (leftOut.isPresent()) {
            return read(operation.steps().get(leftOut.get().setter()), name);
        }
        return flow.isSetAt(step)
                ? read(alwaysSetting(setters, name), name)
                : new Binding.Unset(setters, flow.partingBefore(step));
    }

    private static StepDeclaration alwaysSetting(List<StepDeclaration> setters, String name) {
        return setters.stream()
                .filter(setter -> setter.output(name)
                        .filter(output -> !output.mayBeMissing())
                        .isPresent())
                .findFirst()
                .orElseThrow();
    }

    private static Binding read(StepDeclaration setter, String name) {
        return new Binding.Read(setter.output(name).orElseThrow().value(), "what " + setter.method() + " returns");
    }

    private OutputFlow flow(String output) {
        return flows.computeIfAbsent(output, name -> OutputFlow.of(graph, name));
    }

    private List<StepDeclaration> setters(String output) {
        return setters.getOrDefault(output, List.of());
    }

    private boolean isMisnamedParam(String name) {
        return operation.misnamedParams().stream()
                .flatMap(misnamed -> misnamed.components().stream())
                .anyMatch(component -> component.name().equals(name));
    }

    /** Whether a name is that of a param and an output, of outputs of two types, or of the result of a step without one. */
    private boolean isAmbiguous(String name, List<StepDeclaration> setters) {
        boolean isParam =
                operation.paramValues().stream().anyMatch(param -> param.name().equals(name));
        long types = setters.stream()
                .flatMap(setter -> setter.output(name).stream())
                .map(output -> output.type().value().box())
                .distinct()
                .count();
        return types + (isParam ? 1 : 0) > 1
                || operation.steps().stream()
                        .anyMatch(step ->
                                step.output().equals(name) && step.result().isEmpty());
    }

    private boolean paramsAreUnknown() {
        return operation.params().filter(params -> !params.isRecord()).isPresent();
    }
}
