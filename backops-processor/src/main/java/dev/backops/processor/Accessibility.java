package dev.backops.processor;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.WildcardType;

/** Who can name a type. */
enum Accessibility {
    /** Code in every package. */
    EVERYWHERE,
    /** Code in the package of the operation. */
    PACKAGE,
    /** Only the class around it. */
    NOWHERE;

    /** What generated code in {@code from} can do with {@code type}. */
    static Accessibility of(TypeElement type, PackageElement from) {
        boolean samePackage =
                from.getQualifiedName().contentEquals(packageOf(type).getQualifiedName());
        Accessibility accessibility = EVERYWHERE;
        for (Element element = type; element instanceof TypeElement; element = element.getEnclosingElement()) {
            if (!element.getModifiers().contains(Modifier.PUBLIC)) {
                if (!samePackage || element.getModifiers().contains(Modifier.PRIVATE)) {
                    return NOWHERE;
                }
                accessibility = PACKAGE;
            }
        }
        return accessibility;
    }

    /** The first type in a type that generated code in {@code from} cannot name. */
    static Optional<TypeElement> hiddenIn(TypeMirror type, PackageElement from) {
        if (type instanceof ArrayType array) {
            return hiddenIn(array.getComponentType(), from);
        }
        if (type instanceof WildcardType wildcard) {
            return Stream.of(wildcard.getExtendsBound(), wildcard.getSuperBound())
                    .filter(Objects::nonNull)
                    .flatMap(bound -> hiddenIn(bound, from).stream())
                    .findFirst();
        }
        if (!(type instanceof DeclaredType declared) || type.getKind() == TypeKind.ERROR) {
            return Optional.empty();
        }
        TypeElement element = (TypeElement) declared.asElement();
        return of(element, from) == NOWHERE
                ? Optional.of(element)
                : declared.getTypeArguments().stream()
                        .flatMap(argument -> hiddenIn(argument, from).stream())
                        .findFirst();
    }

    static PackageElement packageOf(Element element) {
        for (Element enclosing = element; enclosing != null; enclosing = enclosing.getEnclosingElement()) {
            if (enclosing instanceof PackageElement found) {
                return found;
            }
        }
        throw new IllegalArgumentException(element + " is in no package");
    }
}
