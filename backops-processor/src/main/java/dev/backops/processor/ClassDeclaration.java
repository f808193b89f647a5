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
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/**
 * A class of the user's beside which something is generated.
 *
 * @param place where what is wrong with the class as a whole is reported
 * @param accessibility who can name the class
 * @param inner whether an object of it needs one of the class around it
 * @param deprecated whether it or a class around it is deprecated
 * @param mutableFields instance fields that are neither final nor injected
 * @param proxyAnnotation what makes a container wrap the class in a proxy
 * @param surroundings what generated code meets in the package of the class
 */
record ClassDeclaration(
        TypeElement element,
        Place place,
        GeneratedNames names,
        ElementKind kind,
        Accessibility accessibility,
        boolean generic,
        boolean inner,
        boolean deprecated,
        List<Place> mutableFields,
        Optional<String> proxyAnnotation,
        Surroundings surroundings) {

    /** Annotations on fields that a container sets once, before the first step runs. */
    private static final Set<String> INJECTIONS = Set.of(
            "Inject", "Autowired", "Resource", "Value", "PersistenceContext", "EJB", "ConfigProperty", "RestClient");

    ClassDeclaration {
        mutableFields = List.copyOf(mutableFields);
    }

    static ClassDeclaration of(TypeElement type, ProcessingEnvironment environment) {
        Elements elements = environment.getElementUtils();
        return new ClassDeclaration(
                type,
                EclipseCompiler.placeOf(type, environment),
                GeneratedNames.of(ClassName.get(type)),
                type.getKind(),
                Accessibility.of(type, Accessibility.packageOf(type)),
                !type.getTypeParameters().isEmpty(),
                isInner(type),
                isDeprecated(type, elements),
                ElementFilter.fieldsIn(type.getEnclosedElements()).stream()
                        .filter(ClassDeclaration::isMutable)
                        .map(Place::of)
                        .toList(),
                Proxies.annotationOn(type),
                Surroundings.of(type, elements));
    }

    /** The class as the user calls it. */
    String simpleName() {
        return names.source().simpleName();
    }

    static boolean isDeprecated(TypeElement type, Elements elements) {
        for (Element element = type; element instanceof TypeElement; element = element.getEnclosingElement()) {
            if (elements.isDeprecated(element)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isInner(TypeElement type) {
        for (Element element = type;
                element instanceof TypeElement enclosing && enclosing.getNestingKind() == NestingKind.MEMBER;
                element = element.getEnclosingElement()) {
            if (!enclosing.getModifiers().contains(Modifier.STATIC)) {
                return true;
            }
        }
        return false;
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
