package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.NestingKind;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/** Reads an operation class into a declaration; nothing behind it reads mirrors. */
final class OperationCollector {

    /** Annotations on fields that a container sets once, before the first step runs. */
    private static final Set<String> INJECTIONS = Set.of(
            "Inject", "Autowired", "Resource", "Value", "PersistenceContext", "EJB", "ConfigProperty", "RestClient");

    /** What people call {@code Params}. */
    private static final String MISNAMED_PARAMS = "(?i)params?|parameters?|inputs?|arg(ument)?s|data|request|payload";

    private final ProcessingEnvironment environment;
    private final Elements elements;
    private final ComplexTypes complexTypes;

    OperationCollector(ProcessingEnvironment environment) {
        this.environment = environment;
        this.elements = environment.getElementUtils();
        this.complexTypes = new ComplexTypes(elements, environment.getTypeUtils());
    }

    OperationDeclaration collect(TypeElement operation) {
        AnnotationUse annotation =
                AnnotationUse.find(operation, TypeNames.OPERATION, elements).orElseThrow();
        PackageElement from = Accessibility.packageOf(operation);
        TypeReader types =
                new TypeReader(elements, new SimpleTypes(environment.getTypeUtils(), complexTypes, from), from);
        RetryCollector retries = new RetryCollector(environment, from);
        StepCollector steps = new StepCollector(
                environment, types, complexTypes, new ResultReader(environment, types, from), retries);
        return new OperationDeclaration(
                operation,
                annotation,
                GeneratedNames.of(ClassName.get(operation)),
                Optional.ofNullable(annotation.string("value")),
                operation.getKind(),
                operation.getModifiers(),
                Accessibility.of(operation, from),
                !operation.getTypeParameters().isEmpty(),
                isInner(operation),
                isDeprecated(operation),
                params(operation, "Params", types),
                params(operation, MISNAMED_PARAMS, types),
                steps.collect(operation),
                steps.inherited(operation),
                mutableFields(operation),
                Proxies.annotationOn(operation),
                annotation.texts("formerly"),
                EnqueueDeclaration.of(annotation),
                annotation.text("timeout"),
                retries.collect(annotation),
                Surroundings.of(operation, elements));
    }

    /** Whether the class or one around it is deprecated. */
    private boolean isDeprecated(TypeElement operation) {
        for (Element element = operation; element instanceof TypeElement; element = element.getEnclosingElement()) {
            if (elements.isDeprecated(element)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isInner(TypeElement operation) {
        for (Element element = operation;
                element instanceof TypeElement type && type.getNestingKind() == NestingKind.MEMBER;
                element = element.getEnclosingElement()) {
            if (!type.getModifiers().contains(Modifier.STATIC)) {
                return true;
            }
        }
        return false;
    }

    private Optional<ParamsDeclaration> params(TypeElement operation, String name, TypeReader types) {
        return ElementFilter.typesIn(operation.getEnclosedElements()).stream()
                .filter(nested -> nested.getSimpleName().toString().matches(name))
                .findFirst()
                .map(nested -> new ParamsDeclaration(
                        ClassName.get(nested),
                        Place.of(nested),
                        nested.getKind() == ElementKind.RECORD,
                        !nested.getTypeParameters().isEmpty(),
                        nested.getModifiers(),
                        components(nested, operation, types)));
    }

    private List<ValueDeclaration> components(TypeElement params, TypeElement operation, TypeReader types) {
        return params.getRecordComponents().stream()
                .map(component -> new ValueDeclaration(
                        component.getSimpleName().toString(),
                        types.read(component.asType(), NullableReader.constructsOf(component)),
                        placeOf(component, operation),
                        ValueMarks.of(component, placeOf(component, operation), elements)))
                .toList();
    }

    private Place placeOf(RecordComponentElement component, TypeElement operation) {
        return EclipseCompiler.placeOf(component, operation, environment);
    }

    private static List<Place> mutableFields(TypeElement operation) {
        return ElementFilter.fieldsIn(operation.getEnclosedElements()).stream()
                .filter(OperationCollector::isMutable)
                .map(Place::of)
                .toList();
    }

    private static boolean isMutable(VariableElement field) {
        return field.getKind() == ElementKind.FIELD
                && !field.getModifiers().contains(Modifier.FINAL)
                && !field.getModifiers().contains(Modifier.STATIC)
                && field.getAnnotationMirrors().stream()
                        .map((AnnotationMirror mirror) -> AnnotationUse.simpleNameOf(mirror))
                        .noneMatch(INJECTIONS::contains);
    }
}
