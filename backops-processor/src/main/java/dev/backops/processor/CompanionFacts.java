package dev.backops.processor;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.AnnotationValue;

/** What the companion of an action type keeps, because class files do not: names of parameters, and what is nullable. */
record CompanionFacts(
        List<String> parameters,
        Set<String> nullableParameters,
        boolean nullableResult,
        Set<String> nullableComponents) {

    CompanionFacts {
        parameters = List.copyOf(parameters);
        nullableParameters = Set.copyOf(nullableParameters);
        nullableComponents = Set.copyOf(nullableComponents);
    }

    /** As a companion bears them. */
    static CompanionFacts of(AnnotationUse annotation) {
        return new CompanionFacts(
                strings(annotation, "parameters"),
                Set.copyOf(strings(annotation, "nullableParameters")),
                annotation.isTrue("nullableResult"),
                Set.copyOf(strings(annotation, "nullableComponents")));
    }

    /** As the source of a step tells them. */
    static CompanionFacts of(StepDeclaration step) {
        return new CompanionFacts(
                step.parameters().stream().map(ParameterDeclaration::name).toList(),
                Set.copyOf(step.parameters().stream()
                        .filter(parameter -> isNullable(parameter.type()))
                        .map(ParameterDeclaration::name)
                        .toList()),
                step.result().filter(result -> isNullable(result.type())).isPresent(),
                Set.copyOf(step.result().flatMap(ResultDeclaration::record).stream()
                        .flatMap(record -> record.components().stream())
                        .filter(component -> isNullable(component.type()))
                        .map(ResultDeclaration.Component::name)
                        .toList()));
    }

    /** A parameter as its source declares it. */
    ParameterDeclaration parameter(int index, TypeUse type) {
        String name = parameters.get(index);
        return new ParameterDeclaration(name, nullableParameters.contains(name) ? type.orNothing() : type);
    }

    /** What a step returns, as its source declares it. */
    ResultDeclaration result(ResultDeclaration read) {
        Optional<ResultDeclaration.RecordType> record = read.record()
                .map(type -> new ResultDeclaration.RecordType(
                        type.type(),
                        type.simpleName(),
                        type.accessible(),
                        type.deprecated(),
                        type.components().stream().map(this::component).toList()));
        return new ResultDeclaration(nullableResult ? read.type().orNothing() : read.type(), read.constants(), record);
    }

    private ResultDeclaration.Component component(ResultDeclaration.Component component) {
        return nullableComponents.contains(component.name())
                ? new ResultDeclaration.Component(
                        component.name(),
                        component.type().orNothing(),
                        component.isJump(),
                        component.constants(),
                        component.marks())
                : component;
    }

    private static boolean isNullable(TypeUse type) {
        return type.nullness() == Nullness.NULLABLE;
    }

    private static List<String> strings(AnnotationUse annotation, String name) {
        return annotation.list(name).stream()
                .map(AnnotationValue::getValue)
                .map(String::valueOf)
                .toList();
    }
}
