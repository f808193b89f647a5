package dev.backops.processor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/** Reads the step methods of an operation class, in source order. */
final class StepCollector {

    private static final Set<String> ASYNC = Set.of(
            "java.util.concurrent.Future",
            "java.util.concurrent.CompletionStage",
            "java.util.concurrent.Flow.Publisher",
            "org.reactivestreams.Publisher");

    private final Elements elements;
    private final TypeReader types;
    private final ComplexTypes complexTypes;
    private final ResultReader results;
    private final RetryCollector retries;

    StepCollector(
            ProcessingEnvironment environment,
            TypeReader types,
            ComplexTypes complexTypes,
            ResultReader results,
            RetryCollector retries) {
        this.elements = environment.getElementUtils();
        this.types = types;
        this.complexTypes = complexTypes;
        this.results = results;
        this.retries = retries;
    }

    List<StepDeclaration> collect(TypeElement operation) {
        return methods(operation).stream()
                .flatMap(method -> AnnotationUse.find(method, TypeNames.STEP, elements).stream()
                        .map(annotation -> step(method, annotation)))
                .toList();
    }

    /** The steps that the operation seems to have from a superclass or interface, but does not declare itself. */
    List<InheritedStep> inherited(TypeElement operation) {
        Set<String> declared = methods(operation).stream()
                .filter(method -> AnnotationUse.isOn(method, TypeNames.STEP))
                .map(method -> method.getSimpleName().toString())
                .collect(Collectors.toSet());
        Map<String, InheritedStep> inherited = new LinkedHashMap<>();
        addInherited(operation, inherited);
        inherited.keySet().removeAll(declared);
        return List.copyOf(inherited.values());
    }

    private void addInherited(TypeElement type, Map<String, InheritedStep> steps) {
        Stream.concat(Stream.of(type.getSuperclass()), type.getInterfaces().stream())
                .filter(parent -> parent.getKind() == TypeKind.DECLARED)
                .map(parent -> (TypeElement) ((DeclaredType) parent).asElement())
                .forEach(parent -> {
                    methods(parent).stream()
                            .filter(method -> AnnotationUse.isOn(method, TypeNames.STEP))
                            .map(method -> method.getSimpleName().toString())
                            .forEach(method -> steps.putIfAbsent(
                                    method,
                                    new InheritedStep(
                                            parent.getQualifiedName().toString(),
                                            parent.getSimpleName().toString(),
                                            method)));
                    addInherited(parent, steps);
                });
    }

    static List<ExecutableElement> methods(TypeElement type) {
        return ElementFilter.methodsIn(type.getEnclosedElements());
    }

    private StepDeclaration step(ExecutableElement method, AnnotationUse annotation) {
        return new StepDeclaration(
                Place.of(method),
                annotation,
                method.getSimpleName().toString(),
                annotation.stringOr("name", ""),
                method.getModifiers(),
                !method.getTypeParameters().isEmpty(),
                method.getThrownTypes().stream().anyMatch(this::isNeitherExceptionNorError),
                elements.isDeprecated(method),
                method.getParameters().stream().map(this::parameter).toList(),
                results.read(method),
                isAsync(method.getReturnType()),
                annotation.stringOr("output", ""),
                FlowDeclaration.of(annotation),
                annotation.text("timeout"),
                FormerNames.of(annotation),
                ValueMarks.of(method, Place.of(method), elements),
                retries.collect(annotation));
    }

    private ParameterDeclaration parameter(VariableElement parameter) {
        return new ParameterDeclaration(
                parameter.getSimpleName().toString(), types.read(parameter.asType(), parameter));
    }

    private boolean isAsync(TypeMirror type) {
        return type.getKind() == TypeKind.DECLARED && complexTypes.isA((DeclaredType) type, ASYNC);
    }

    private boolean isNeitherExceptionNorError(TypeMirror type) {
        return type.getKind() == TypeKind.DECLARED
                && !complexTypes.isA((DeclaredType) type, Set.of("java.lang.Exception", "java.lang.Error"));
    }
}
