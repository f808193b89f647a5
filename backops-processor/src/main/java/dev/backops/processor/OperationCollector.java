package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/** Reads an operation class into a declaration; nothing behind it reads mirrors. */
final class OperationCollector {

    /** What people call {@code Params}. */
    private static final Predicate<String> MISNAMED_PARAMS = Pattern.compile(
                    "params?|parameters?|inputs?|arg(ument)?s|data|request|payload", Pattern.CASE_INSENSITIVE)
            .asMatchPredicate();

    private final ProcessingEnvironment environment;
    private final Elements elements;
    private final ActionCollector actions;

    OperationCollector(ProcessingEnvironment environment, ActionCollector actions) {
        this.environment = environment;
        this.elements = environment.getElementUtils();
        this.actions = actions;
    }

    /**
     * The operation as it stands in the source.
     *
     * @param isContextWritten whether what seems to be missing under the name of the context is so
     */
    OperationDeclaration collect(TypeElement operation, boolean isContextWritten) {
        AnnotationUse annotation =
                AnnotationUse.find(operation, TypeNames.OPERATION, elements).orElseThrow();
        PackageElement from = Accessibility.packageOf(operation);
        StepCollector steps = new StepCollector(environment, from);
        ClassDeclaration type = ClassDeclaration.of(operation, environment);
        Optional<ClassName> unwritten =
                isContextWritten ? Optional.empty() : Optional.of(type.names().context());
        List<ActionList> lists = actions.lists(annotation, from);
        Optional<List<Written>> order = order(annotation);
        Optional<ParamsDeclaration> params = params(operation, "Params"::equals, steps.types());
        return new OperationDeclaration(
                type,
                annotation,
                Optional.ofNullable(annotation.string("value")),
                params,
                params.isPresent() ? Optional.empty() : params(operation, MISNAMED_PARAMS, steps.types()),
                Stream.concat(
                                listed(lists),
                                ordered(steps.collect(operation, unwritten), order.orElse(List.of())).stream())
                        .toList(),
                lists,
                order,
                StepCollector.inherited(operation),
                annotation.texts("formerly"),
                EnqueueDeclaration.of(annotation),
                annotation.text("timeout"),
                steps.retries().collect(annotation));
    }

    private static Optional<List<Written>> order(AnnotationUse annotation) {
        return annotation.writes("steps") ? Optional.of(annotation.texts("steps")) : Optional.empty();
    }

    /** The steps in an order; those that it leaves out stand at the end. */
    private static List<StepDeclaration> ordered(List<StepDeclaration> steps, List<Written> order) {
        List<String> names = order.stream().map(Written::text).toList();
        List<StepDeclaration> ordered = new ArrayList<>(steps);
        ordered.sort(Comparator.comparingInt(
                step -> names.contains(step.name()) ? names.indexOf(step.name()) : names.size()));
        return ordered;
    }

    private static Stream<StepDeclaration> listed(List<ActionList> lists) {
        return lists.stream()
                .flatMap(list -> list.items().stream())
                .filter(ActionList.Item.Action.class::isInstance)
                .map(item -> ((ActionList.Item.Action) item).step());
    }

    private Optional<ParamsDeclaration> params(TypeElement operation, Predicate<String> name, TypeReader types) {
        return ElementFilter.typesIn(operation.getEnclosedElements()).stream()
                .filter(nested -> name.test(nested.getSimpleName().toString()))
                .findFirst()
                .map(nested -> new ParamsDeclaration(
                        ClassName.get(nested),
                        EclipseCompiler.placeOf(nested, operation, environment),
                        nested.getKind() == ElementKind.RECORD,
                        !nested.getTypeParameters().isEmpty(),
                        nested.getModifiers(),
                        components(nested, operation, types)));
    }

    private List<ValueDeclaration> components(TypeElement params, TypeElement operation, TypeReader types) {
        return params.getRecordComponents().stream()
                .map(component -> new ValueDeclaration(
                        component.getSimpleName().toString(),
                        types.read(component.asType(), component, params),
                        placeOf(component, operation),
                        ValueMarks.of(component, placeOf(component, operation), elements)))
                .toList();
    }

    private Place placeOf(RecordComponentElement component, TypeElement operation) {
        return EclipseCompiler.placeOf(component, operation, environment);
    }
}
