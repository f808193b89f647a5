package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.AnnotatedConstruct;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeMirror;

/** Finds annotations called {@code Nullable}, on declarations and on types. */
final class NullableReader {

    private NullableReader() {}

    static boolean isOnType(TypeMirror type) {
        return find(type).isPresent();
    }

    static boolean isOn(RecordComponentElement component) {
        return find(constructsOf(component)).isPresent();
    }

    /** The first such annotation on any of these elements and types. */
    static Optional<? extends AnnotationMirror> find(AnnotatedConstruct... constructs) {
        return Arrays.stream(constructs)
                .flatMap(construct -> construct.getAnnotationMirrors().stream())
                .filter(mirror -> AnnotationUse.simpleNameOf(mirror).equals("Nullable"))
                .findFirst();
    }

    /** All that carries an annotation which stands at a component: which of them depends on its targets. */
    static AnnotatedConstruct[] constructsOf(RecordComponentElement component) {
        List<AnnotatedConstruct> constructs = new ArrayList<>(List.of(component, component.asType()));
        ExecutableElement accessor = component.getAccessor();
        if (accessor != null) {
            constructs.addAll(List.of(accessor, accessor.getReturnType()));
        }
        EclipseCompiler.fieldOf(component).ifPresent(field -> constructs.addAll(List.of(field, field.asType())));
        return constructs.toArray(AnnotatedConstruct[]::new);
    }

    /** The annotation in the form in which generated code can repeat it, if it can. */
    static Optional<NullableAnnotation> repeatable(AnnotationMirror mirror, PackageElement from) {
        TypeElement type = (TypeElement) mirror.getAnnotationType().asElement();
        if (MissingTypes.isIn(type.asType()) || Accessibility.of(type, from) == Accessibility.NOWHERE) {
            return Optional.empty();
        }
        Set<String> targets = AnnotationUse.targets(mirror);
        boolean onTypes = hasTarget(targets, "TYPE_USE");
        boolean onDeclarations = targets.isEmpty() || (hasTarget(targets, "METHOD") && hasTarget(targets, "PARAMETER"));
        return onTypes || onDeclarations
                ? Optional.of(new NullableAnnotation(ClassName.get(type), onTypes))
                : Optional.empty();
    }

    // Enum values print as TYPE_USE in javac; ECJ is free to qualify them.
    private static boolean hasTarget(Set<String> targets, String target) {
        return targets.stream().anyMatch(name -> name.equals(target) || name.endsWith("." + target));
    }
}
