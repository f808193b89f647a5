package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.ModuleElement;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import org.jspecify.annotations.Nullable;

/** Reads action types: each on its own, and as an operation lists them. */
final class ActionCollector {

    private final ProcessingEnvironment environment;
    private final Elements elements;
    private final Predicate<TypeElement> isSource;

    /** With what tells the classes of this compilation from those of class files. */
    ActionCollector(ProcessingEnvironment environment, Predicate<TypeElement> isSource) {
        this.environment = environment;
        this.elements = environment.getElementUtils();
        this.isSource = isSource;
    }

    /** The class as an action type, if it has the shape of one; empty for a class whose steps nothing runs. */
    Optional<ActionDeclaration> collect(TypeElement type) {
        return unfitness(type).isPresent() ? Optional.empty() : step(type).map(method -> declaration(type, method));
    }

    private ActionDeclaration declaration(TypeElement type, ExecutableElement method) {
        AnnotationUse annotation =
                AnnotationUse.find(method, TypeNames.STEP, elements).orElseThrow();
        return new ActionDeclaration(
                ClassDeclaration.of(type, environment),
                new StepCollector(environment, Accessibility.packageOf(type))
                        .action(method, annotation, actionType(type)),
                hiddenTypes(method),
                Stream.of("branch", "branchFormerly")
                        .filter(annotation::writes)
                        .map(name -> new Written(name, annotation.place(name)))
                        .toList());
    }

    private static List<String> hiddenTypes(ExecutableElement method) {
        PackageElement from = Accessibility.packageOf(method);
        return Stream.concat(
                        method.getParameters().stream().map(VariableElement::asType), Stream.of(method.getReturnType()))
                .flatMap(type -> Accessibility.hiddenIn(type, from).stream())
                .map(type -> type.getSimpleName().toString())
                .distinct()
                .toList();
    }

    private static boolean hasParams(TypeElement type) {
        return ElementFilter.typesIn(type.getEnclosedElements()).stream()
                .anyMatch(nested -> nested.getSimpleName().contentEquals("Params"));
    }

    /** What an operation lists, one list per branch; nothing where its steps are methods. */
    List<ActionList> lists(AnnotationUse operation, PackageElement from) {
        StepCollector steps = new StepCollector(environment, from);
        List<ActionList> lists = new ArrayList<>();
        if (operation.writes("actions") || operation.writes("uses")) {
            lists.add(list(operation, new Written(FlowStep.MAIN, operation.place()), List.of(), from, steps));
        }
        for (AnnotationUse branch : operation.nestedAll("branches", elements)) {
            Written name = new Written(branch.stringOr("name", ""), branch.place("name"));
            lists.add(list(branch, name, branch.texts("formerly"), from, steps));
        }
        return lists;
    }

    private ActionList list(
            AnnotationUse list, Written branch, List<Written> branchNames, PackageElement from, StepCollector steps) {
        List<Listed> listed = Stream.concat(
                        list.list("actions").stream()
                                .map(value -> new Listed(value, list.placeOf("actions", value), Optional.empty())),
                        list.nestedAll("uses", elements).stream()
                                .map(use -> new Listed(use.value("value"), use.place("value"), Optional.of(use))))
                .toList();
        List<ActionList.Item> items = new ArrayList<>();
        for (Listed each : listed) {
            // What the list says about its branch is said once, by its first step.
            items.add(item(each, branch, items.isEmpty() ? branchNames : List.of(), from, steps));
        }
        return new ActionList(
                branch,
                list.writes("actions") && list.writes("uses") ? Optional.of(list.place("uses")) : Optional.empty(),
                items);
    }

    private ActionList.Item item(
            Listed listed, Written branch, List<Written> branchNames, PackageElement from, StepCollector steps) {
        Optional<TypeMirror> mirror = listed.type();
        if (mirror.isEmpty()) {
            return new ActionList.Item.Missing();
        }
        if (!(mirror.get() instanceof DeclaredType declared)) {
            String text = mirror.get().toString();
            return new ActionList.Item.Unfit(
                    text, text, "is no class.", "An action type is a class with one @Step method.", listed.place());
        }
        TypeElement type = (TypeElement) declared.asElement();
        String simpleName = type.getSimpleName().toString();
        if (Accessibility.of(type, from) == Accessibility.NOWHERE) {
            return new ActionList.Item.Missing();
        }
        Optional<Unfitness> unfitness = unfitness(type);
        if (unfitness.isPresent()) {
            return new ActionList.Item.Unfit(
                    type.getQualifiedName().toString(),
                    simpleName,
                    unfitness.get().reason(),
                    unfitness.get().advice(),
                    listed.place());
        }
        ExecutableElement method = step(type).orElseThrow();
        boolean source = isSource.test(type);
        Optional<CompanionFacts> facts = source ? Optional.empty() : facts(type, method);
        if (facts.isEmpty() && !source) {
            return new ActionList.Item.Unprocessed(simpleName, listed.place());
        }
        AnnotationUse annotation = listed.settings(
                AnnotationUse.find(method, TypeNames.STEP, elements).orElseThrow());
        return new ActionList.Item.Action(
                steps.listed(method, annotation, actionType(type), branch, branchNames, facts));
    }

    private ActionType actionType(TypeElement type) {
        ClassName name = ClassName.get(type);
        return new ActionType(
                name,
                GeneratedNames.of(name).action(),
                ClassDeclaration.isDeprecated(type, elements),
                isSource.test(type));
    }

    /** The facts that the companion of a class file keeps, if there is one that belongs to it. */
    private Optional<CompanionFacts> facts(TypeElement type, ExecutableElement method) {
        String name = GeneratedNames.of(ClassName.get(type)).action().canonicalName();
        ModuleElement module = elements.getModuleOf(type);
        TypeElement companion = module == null ? elements.getTypeElement(name) : elements.getTypeElement(module, name);
        return Stream.ofNullable(companion)
                .flatMap(found -> StepCollector.methods(found).stream())
                .flatMap(call -> AnnotationUse.find(call, TypeNames.ACTION_FACTS.canonicalName(), elements).stream())
                .map(CompanionFacts::of)
                .filter(facts ->
                        facts.parameters().size() == method.getParameters().size())
                .findFirst();
    }

    /** Why a class is no action type, if it is none. */
    private Optional<Unfitness> unfitness(TypeElement type) {
        String name = type.getSimpleName().toString();
        if (AnnotationUse.isOn(type, TypeNames.OPERATION)) {
            return Optional.of(new Unfitness("is an operation itself.", "List the action types that it consists of."));
        }
        if (type.getKind() != ElementKind.CLASS && type.getKind() != ElementKind.RECORD) {
            return Optional.of(new Unfitness(
                    "is " + OperationRule.kindText(type.getKind()) + ".",
                    "An action type is a class or a record with one @Step method."));
        }
        List<ExecutableElement> steps = stepsOf(type);
        if (steps.size() > 1) {
            return Optional.of(new Unfitness(
                    "has several steps: "
                            + steps.stream()
                                    .map(step -> step.getSimpleName().toString())
                                    .collect(Collectors.joining(", "))
                            + ".",
                    "An action type has one; make a class of each."));
        }
        if (steps.isEmpty()) {
            return Optional.of(withoutStep(type, name));
        }
        // Someone forgot to annotate an operation.
        return hasParams(type)
                ? Optional.of(new Unfitness(
                        "has Params, as only operations have.",
                        "Let the step take what it needs, and put Params into the operation."))
                : Optional.empty();
    }

    private Unfitness withoutStep(TypeElement type, String name) {
        return StepCollector.inherited(type).stream()
                .findFirst()
                .map(step -> new Unfitness(
                        "has no step of its own.",
                        step.method() + " is a step of " + step.simpleClassName() + ": override it in " + name
                                + " with @Step."))
                .orElse(new Unfitness("has no step.", "Annotate the method that does its work with @Step."));
    }

    private Optional<ExecutableElement> step(TypeElement type) {
        return stepsOf(type).stream().findFirst();
    }

    private List<ExecutableElement> stepsOf(TypeElement type) {
        return StepCollector.methods(type).stream()
                .filter(method -> AnnotationUse.isOn(method, TypeNames.STEP))
                .toList();
    }

    private record Unfitness(String reason, String advice) {}

    /**
     * An entry of a list.
     *
     * @param use what it says beside the class, if it can
     */
    private record Listed(@Nullable AnnotationValue value, Place place, Optional<AnnotationUse> use) {

        /** What is listed, if it exists. */
        Optional<TypeMirror> type() {
            return value != null && value.getValue() instanceof TypeMirror type && !MissingTypes.isIn(type)
                    ? Optional.of(type)
                    : Optional.empty();
        }

        /** The settings of a step with those of this use in their place, and without what these make obsolete. */
        AnnotationUse settings(AnnotationUse step) {
            AnnotationUse settings = step.seenFrom(place);
            return use.map(own -> settings.without(obsolete(own)).overriddenBy(own.without(Set.of("value"))))
                    .orElse(settings);
        }

        private static Set<String> obsolete(AnnotationUse use) {
            Set<String> obsolete = new HashSet<>();
            if (use.writes("name")) {
                obsolete.add("formerly");
            }
            if (use.writes("output")) {
                obsolete.add("outputFormerly");
            }
            if (use.writes("delay") || use.writes("at")) {
                obsolete.addAll(Set.of("delay", "at"));
            }
            return obsolete;
        }
    }
}
