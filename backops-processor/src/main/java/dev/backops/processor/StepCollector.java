package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/** Reads step methods, those of operations and those of action types. */
final class StepCollector {

    private static final Set<String> ASYNC = Set.of(
            "java.util.concurrent.Future",
            "java.util.concurrent.CompletionStage",
            "java.util.concurrent.Flow.Publisher",
            "org.reactivestreams.Publisher");

    private final Elements elements;
    private final ComplexTypes complexTypes;
    private final TypeReader types;
    private final ResultReader results;
    private final RetryCollector retries;

    /** For generated code in a package. */
    StepCollector(ProcessingEnvironment environment, PackageElement from) {
        this.elements = environment.getElementUtils();
        this.complexTypes = new ComplexTypes(elements, environment.getTypeUtils());
        this.types = new TypeReader(elements, new SimpleTypes(environment.getTypeUtils(), complexTypes, from), from);
        this.results = new ResultReader(environment, types, from);
        this.retries = new RetryCollector(environment, from);
    }

    TypeReader types() {
        return types;
    }

    RetryCollector retries() {
        return retries;
    }

    /** Without those whose names the compiler cannot read, which it reports. */
    static List<ExecutableElement> methods(TypeElement type) {
        return ElementFilter.methodsIn(type.getEnclosedElements()).stream()
                .filter(method -> JavaNames.isIdentifier(nameOf(method)))
                .toList();
    }

    /**
     * The step methods of an operation, in source order.
     *
     * @param unwritten the context, where it is still to be written
     */
    List<StepDeclaration> collect(TypeElement operation, Optional<ClassName> unwritten) {
        return methods(operation).stream()
                .flatMap(method -> AnnotationUse.find(method, TypeNames.STEP, elements).stream()
                        .map(annotation -> step(
                                method,
                                annotation,
                                Part.of(
                                        method,
                                        annotation,
                                        FlowDeclaration.of(annotation),
                                        nameOf(method),
                                        unwritten))))
                .toList();
    }

    /** The steps that a class seems to have from a superclass or interface, but does not declare itself. */
    static List<InheritedStep> inherited(TypeElement type) {
        Set<String> declared = methods(type).stream()
                .filter(method -> AnnotationUse.isOn(method, TypeNames.STEP))
                .map(method -> method.getSimpleName().toString())
                .collect(Collectors.toSet());
        Map<String, InheritedStep> inherited = new LinkedHashMap<>();
        addInherited(type, inherited);
        inherited.keySet().removeAll(declared);
        return List.copyOf(inherited.values());
    }

    private static void addInherited(TypeElement type, Map<String, InheritedStep> steps) {
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

    /** The step of an action type on its own. */
    StepDeclaration action(ExecutableElement method, AnnotationUse annotation, ActionType action) {
        Written branch = new Written(FlowStep.MAIN, annotation.place());
        return step(
                method,
                annotation,
                Part.of(
                        method,
                        annotation,
                        FlowDeclaration.of(annotation, branch),
                        action.stepName(),
                        Optional.empty()));
    }

    /**
     * The step of an action type as an operation lists it.
     *
     * @param branchNames the names that the branch had before
     * @param facts what its source says; empty where that is at hand
     */
    StepDeclaration listed(
            ExecutableElement method,
            AnnotationUse annotation,
            ActionType action,
            Written branch,
            List<Written> branchNames,
            Optional<CompanionFacts> facts) {
        Written storedName = givenName(annotation, annotation.place(), action.stepName());
        return step(
                method,
                annotation,
                new Part(
                        annotation.place(),
                        storedName.text(),
                        storedName,
                        FlowDeclaration.of(annotation, branch),
                        FormerNames.of(annotation).onBranch(branchNames),
                        Optional.of(action),
                        facts,
                        Optional.empty()));
    }

    private StepDeclaration step(ExecutableElement method, AnnotationUse annotation, Part part) {
        return new StepDeclaration(
                part.place(),
                annotation,
                part.label(),
                part.storedName(),
                part.action(),
                method.getModifiers(),
                !method.getTypeParameters().isEmpty(),
                method.getThrownTypes().stream().anyMatch(this::isNeitherExceptionNorError),
                elements.isDeprecated(method),
                parameters(method, part),
                result(method, part.facts()),
                isAsync(method.getReturnType()),
                annotation.stringOr("output", ""),
                part.flow(),
                annotation.text("timeout"),
                part.formerly(),
                ValueMarks.of(method, part.place(), elements),
                retries.collect(annotation));
    }

    private List<ParameterDeclaration> parameters(ExecutableElement method, Part part) {
        return IntStream.range(0, method.getParameters().size())
                .mapToObj(index -> {
                    VariableElement parameter = method.getParameters().get(index);
                    TypeUse type = part.unwritten()
                            .filter(context -> Completeness.isUnwritten(parameter.asType(), context))
                            .map(TypeUse::ofContext)
                            .orElseGet(() -> types.read(parameter.asType(), parameter));
                    return part.facts()
                            .map(known -> known.parameter(index, type))
                            .orElseGet(() -> new ParameterDeclaration(
                                    parameter.getSimpleName().toString(), type));
                })
                .toList();
    }

    private Optional<ResultDeclaration> result(ExecutableElement method, Optional<CompanionFacts> facts) {
        return results.read(method)
                .map(read -> facts.map(known -> known.result(read)).orElse(read));
    }

    private static String nameOf(ExecutableElement method) {
        return method.getSimpleName().toString();
    }

    private static Written givenName(AnnotationUse annotation, Place otherwise, String byDefault) {
        String given = annotation.stringOr("name", "");
        return given.isEmpty() ? new Written(byDefault, otherwise) : new Written(given, annotation.place("name"));
    }

    private boolean isAsync(TypeMirror type) {
        return type.getKind() == TypeKind.DECLARED
                && !SimpleTypes.isScalar((DeclaredType) type)
                && complexTypes.isA((DeclaredType) type, ASYNC);
    }

    private boolean isNeitherExceptionNorError(TypeMirror type) {
        return type.getKind() == TypeKind.DECLARED
                && !complexTypes.isA((DeclaredType) type, Set.of("java.lang.Exception", "java.lang.Error"))
                && Completeness.hasCompleteSupertypes((TypeElement) ((DeclaredType) type).asElement());
    }

    /** What a step is to the operation it is part of. */
    private record Part(
            Place place,
            String label,
            Written storedName,
            FlowDeclaration flow,
            FormerNames formerly,
            Optional<ActionType> action,
            Optional<CompanionFacts> facts,
            Optional<ClassName> unwritten) {

        /** That of a method where it is declared. */
        static Part of(
                ExecutableElement method,
                AnnotationUse annotation,
                FlowDeclaration flow,
                String name,
                Optional<ClassName> unwritten) {
            Place place = Place.of(method);
            return new Part(
                    place,
                    nameOf(method),
                    givenName(annotation, place, name),
                    flow,
                    FormerNames.of(annotation),
                    Optional.empty(),
                    Optional.empty(),
                    unwritten);
        }
    }
}
