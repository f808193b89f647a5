package dev.backops.processor;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;

/**
 * A class annotated as an operation.
 *
 * @param name the stored name; empty where the annotation does not compile
 * @param accessibility who can name the class
 * @param inner whether an object of it needs one of the class around it
 * @param misnamedParams a record that seems to be meant as {@code Params}, where there is none
 * @param mutableFields instance fields that are neither final nor injected
 * @param proxyAnnotation what makes a container wrap the class in a proxy
 * @param formerly names under which it was stored before
 * @param surroundings what generated code meets in the package of the class
 */
record OperationDeclaration(
        TypeElement element,
        AnnotationUse annotation,
        GeneratedNames names,
        Optional<String> name,
        ElementKind kind,
        Set<Modifier> modifiers,
        Accessibility accessibility,
        boolean generic,
        boolean inner,
        boolean deprecated,
        Optional<ParamsDeclaration> params,
        Optional<ParamsDeclaration> misnamedParams,
        List<StepDeclaration> steps,
        List<InheritedStep> inheritedSteps,
        List<Place> mutableFields,
        Optional<String> proxyAnnotation,
        List<Written> formerly,
        EnqueueDeclaration enqueue,
        Optional<Written> timeout,
        Optional<RetryDeclaration> retry,
        Surroundings surroundings) {

    OperationDeclaration {
        modifiers = Set.copyOf(modifiers);
        steps = List.copyOf(steps);
        inheritedSteps = List.copyOf(inheritedSteps);
        mutableFields = List.copyOf(mutableFields);
        formerly = List.copyOf(formerly);
    }

    /** The class as the user calls it. */
    String simpleName() {
        return names.source().simpleName();
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

    /** Whether a param or what a step returns is of a type that does not exist, or not yet. */
    boolean missesValueTypes() {
        return Stream.concat(paramValues().stream(), outputValues().stream())
                        .anyMatch(value -> value.type().isMissing())
                || steps.stream().flatMap(step -> step.result().stream()).anyMatch(ResultDeclaration::isMissing);
    }

    /** Whether any type that wiring looks at does not exist, or not yet. */
    boolean missesTypes() {
        return missesValueTypes()
                || steps.stream()
                        .flatMap(step -> step.parameters().stream())
                        .anyMatch(parameter -> parameter.type().isMissing());
    }

    /** Whether generated code names something deprecated. */
    boolean namesDeprecated() {
        return deprecated
                || steps.stream().anyMatch(step -> step.deprecated() || step.namesDeprecated())
                || Stream.concat(paramValues().stream(), outputValues().stream())
                        .anyMatch(value -> value.type().deprecated())
                || Stream.concat(retry.stream(), steps.stream().flatMap(step -> step.retry().stream()))
                        .flatMap(policy -> policy.abortOn().stream())
                        .anyMatch(RetryDeclaration.AbortOn::deprecated);
    }
}
