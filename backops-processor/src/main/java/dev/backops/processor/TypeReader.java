package dev.backops.processor;

import com.palantir.javapoet.TypeName;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.AnnotatedConstruct;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;

/** Reads a type as it stands in the source, with its nullness. */
final class TypeReader {

    private final Elements elements;
    private final SimpleTypes simpleTypes;
    private final PackageElement from;

    TypeReader(Elements elements, SimpleTypes simpleTypes, PackageElement from) {
        this.elements = elements;
        this.simpleTypes = simpleTypes;
        this.from = from;
    }

    /** The use of a type by something that these constructs annotate. */
    TypeUse read(TypeMirror type, AnnotatedConstruct... annotated) {
        if (MissingTypes.isIn(type)) {
            return missing(MissingTypes.namesIn(type));
        }
        AnnotatedConstruct[] all =
                Stream.concat(Stream.of(type), Arrays.stream(annotated)).toArray(AnnotatedConstruct[]::new);
        Optional<? extends AnnotationMirror> nullable = NullableReader.find(all);
        if (isOptional(type)) {
            return optional((DeclaredType) type, nullable.isPresent());
        }
        Shape shape = nullable.isPresent() && type.getKind().isPrimitive()
                ? new Shape.Refused(Refusal.NULLABLE_PRIMITIVE)
                : named(simpleTypes.shapeOf(type), type);
        return new TypeUse(
                TypeName.get(type),
                nullable.isPresent() ? Nullness.NULLABLE : Nullness.NON_NULL,
                nullable.flatMap(mirror -> NullableReader.repeatable(mirror, from)),
                shape,
                isDeprecated(type));
    }

    /** The use of a type by a component of a record; what the compiler takes for a mistake is missing. */
    TypeUse read(TypeMirror type, RecordComponentElement component, TypeElement record) {
        return MissingTypes.isMistaken(component, record)
                ? missing(Set.of())
                : read(type, NullableReader.constructsOf(component));
    }

    private static TypeUse missing(Set<String> names) {
        return new TypeUse(
                TypeName.VOID, Nullness.NON_NULL, Optional.empty(), new Shape.Missing(names), /* deprecated= */ false);
    }

    private TypeUse optional(DeclaredType type, boolean nullable) {
        if (type.getTypeArguments().isEmpty()) {
            return refused(type, Refusal.RAW);
        }
        if (nullable) {
            return refused(type, Refusal.NULLABLE_OPTIONAL);
        }
        TypeMirror value = type.getTypeArguments().get(0);
        if (!(value instanceof DeclaredType) || isOptional(value)) {
            return refused(type, Refusal.NESTED);
        }
        return new TypeUse(
                TypeName.get(value),
                Nullness.OPTIONAL,
                Optional.empty(),
                named(simpleTypes.shapeOf(value), value),
                isDeprecated(value));
    }

    private Shape named(Shape shape, TypeMirror type) {
        return shape instanceof Shape.Refused refused
                        && Accessibility.hiddenIn(type, from).isPresent()
                ? new Shape.Refused(refused.refusal(), /* nameable= */ false)
                : shape;
    }

    private static TypeUse refused(DeclaredType type, Refusal refusal) {
        return new TypeUse(
                TypeName.get(type),
                Nullness.NON_NULL,
                Optional.empty(),
                new Shape.Refused(refusal),
                /* deprecated= */ false);
    }

    static boolean isOptional(TypeMirror type) {
        return type instanceof DeclaredType declared
                && ((TypeElement) declared.asElement()).getQualifiedName().contentEquals("java.util.Optional");
    }

    private boolean isDeprecated(TypeMirror type) {
        return type instanceof DeclaredType declared
                && (elements.isDeprecated(declared.asElement())
                        || declared.getTypeArguments().stream().anyMatch(this::isDeprecated));
    }
}
