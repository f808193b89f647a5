package dev.backops.processor;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.TypeElement;

/**
 * A class annotated as an operation.
 *
 * @param name the stored name; empty where the annotation does not compile
 * @param misnamedParams a record that seems to be meant as {@code Params}, where there is none
 * @param steps in the order in which they run; action types before methods, where both are given by mistake
 * @param lists the action types that it lists, branch by branch; none where its steps are methods
 * @param formerly names under which it was stored before
 * @param order the names of its step methods in the order in which they are to run, if the source gives one
 */
record OperationDeclaration(
        ClassDeclaration type,
        AnnotationUse annotation,
        Optional<String> name,
        Optional<ParamsDeclaration> params,
        Optional<ParamsDeclaration> misnamedParams,
        List<StepDeclaration> steps,
        List<ActionList> lists,
        Optional<List<Written>> order,
        List<InheritedStep> inheritedSteps,
        List<Written> formerly,
        EnqueueDeclaration enqueue,
        Optional<Written> timeout,
        Optional<RetryDeclaration> retry) {

    OperationDeclaration {
        steps = List.copyOf(steps);
        lists = List.copyOf(lists);
        inheritedSteps = List.copyOf(inheritedSteps);
        formerly = List.copyOf(formerly);
    }

    TypeElement element() {
        return type.element();
    }

    GeneratedNames names() {
        return type.names();
    }

    /** The class as the user calls it. */
    String simpleName() {
        return type.simpleName();
    }

    /** Whether it lists action types, in place of step methods. */
    boolean listsActions() {
        return !lists.isEmpty();
    }

    Stream<ActionList.Item> listedItems() {
        return lists.stream().flatMap(list -> list.items().stream());
    }

    /** How a step is put on a branch, as an example. */
    String branchExample(String branch) {
        return listsActions()
                ? "@Branch(name = \"" + branch + "\", actions = …)"
                : "@Step(branch = \"" + branch + "\")";
    }

    List<ValueDeclaration> paramValues() {
        return params.map(ParamsDeclaration::components).orElse(List.of());
    }

    List<ValueDeclaration> outputValues() {
        return steps.stream()
                .flatMap(step -> step.outputs().stream())
                .map(OutputDeclaration::value)
                .toList();
    }

    /** Whether there are branches beside {@code main}. */
    boolean hasBranches() {
        return steps.stream().anyMatch(step -> !step.flow().isOnMain());
    }

    /** Every way through the steps, as far as it is declared without mistakes. */
    FlowGraph flow() {
        return FlowGraph.of(steps.stream().map(StepDeclaration::flowStep).toList());
    }

    /** Whether a step, a param or what a step returns is of a type that does not exist, or not yet. */
    boolean missesValueTypes() {
        return missesActions()
                || Stream.concat(paramValues().stream(), outputValues().stream())
                        .anyMatch(value -> value.type().isMissing())
                || steps.stream().flatMap(step -> step.result().stream()).anyMatch(ResultDeclaration::isMissing);
    }

    /** Whether an action type does not exist, or not yet. */
    boolean missesActions() {
        return listedItems().anyMatch(ActionList.Item.Missing.class::isInstance);
    }

    /** Whether any type that wiring looks at does not exist, or not yet. */
    boolean missesTypes() {
        return missesValueTypes()
                || steps.stream()
                        .flatMap(step -> step.parameters().stream())
                        .anyMatch(parameter -> parameter.type().isMissing());
    }

    /** Whether the value of an annotation, a constant mostly, does not exist, or not yet. */
    boolean missesValues() {
        return MissingTypes.isInAnnotations(element())
                || steps.stream().anyMatch(step -> step.annotation().missesValues());
    }

    /** Whether anything is missing that mistakes could follow from. */
    boolean isIncomplete() {
        return missesTypes() || missesValues();
    }

    /** Which types are missing, as the Eclipse compiler tells their simple names; without those of action types. */
    Set<String> missingTypes() {
        return Stream.of(
                        paramValues().stream().map(ValueDeclaration::type),
                        outputValues().stream().map(ValueDeclaration::type),
                        steps.stream().flatMap(step -> step.result().stream()).map(ResultDeclaration::type),
                        steps.stream()
                                .flatMap(step -> step.parameters().stream())
                                .map(ParameterDeclaration::type))
                .flatMap(types -> types)
                .flatMap(type -> type.missingTypes().stream())
                .collect(Collectors.toSet());
    }

    /** Whether generated code names something deprecated. */
    boolean namesDeprecated() {
        return type.deprecated()
                || steps.stream().flatMap(step -> step.action().stream()).anyMatch(ActionType::deprecated)
                || steps.stream().anyMatch(step -> step.deprecated() || step.namesDeprecated())
                || Stream.concat(paramValues().stream(), outputValues().stream())
                        .anyMatch(value -> value.type().deprecated())
                || Stream.concat(retry.stream(), steps.stream().flatMap(step -> step.retry().stream()))
                        .flatMap(policy -> policy.abortOn().stream())
                        .anyMatch(RetryDeclaration.AbortOn::deprecated);
    }
}
