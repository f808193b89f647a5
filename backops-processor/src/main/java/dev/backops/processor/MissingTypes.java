package dev.backops.processor;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.Name;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.WildcardType;

/** Finds types that do not exist, or not yet, anywhere in a type. Nothing else may be asked of such a type. */
final class MissingTypes {

    /** What both compilers give as the value of a constant that does not exist, or not yet. */
    private static final String MISSING_VALUE = "<error>";

    private MissingTypes() {}

    static boolean isIn(TypeMirror type) {
        if (type.getKind() == TypeKind.ERROR) {
            return true;
        }
        if (type instanceof ArrayType array) {
            return isIn(array.getComponentType());
        }
        if (type instanceof WildcardType wildcard) {
            TypeMirror upper = wildcard.getExtendsBound();
            TypeMirror lower = wildcard.getSuperBound();
            return (upper != null && isIn(upper)) || (lower != null && isIn(lower));
        }
        return type instanceof DeclaredType declared
                && declared.getTypeArguments().stream().anyMatch(MissingTypes::isIn);
    }

    /** The simple names of those in a type, as the Eclipse compiler tells them; javac does not know all. */
    static Set<String> namesIn(TypeMirror type) {
        Set<String> names = new TreeSet<>();
        addNames(type, names);
        return names;
    }

    private static void addNames(TypeMirror type, Set<String> names) {
        if (type instanceof ArrayType array) {
            addNames(array.getComponentType(), names);
        } else if (type instanceof DeclaredType declared) {
            List<? extends TypeMirror> arguments = declared.getTypeArguments();
            arguments.forEach(argument -> addNames(argument, names));
            // The Eclipse compiler takes a List of what is missing for missing itself.
            if (type.getKind() == TypeKind.ERROR && arguments.stream().noneMatch(MissingTypes::isIn)) {
                names.add(declared.asElement().getSimpleName().toString());
            }
        } else if (isIn(type)) {
            names.add(type.toString());
        }
    }

    /** Whether the compiler reports a component, and knows no more of it: it has no name, or that of another one. */
    static boolean isMistaken(RecordComponentElement component, TypeElement record) {
        Name name = component.getSimpleName();
        return !JavaNames.isIdentifier(name.toString())
                || record.getRecordComponents().stream()
                                .filter(other -> other.getSimpleName().equals(name))
                                .count()
                        > 1;
    }

    /** Whether an annotation of an element, or of one inside it, has a value that does not exist, or not yet. */
    static boolean isInAnnotations(Element element) {
        return element.getAnnotationMirrors().stream().anyMatch(MissingTypes::isIn)
                || element.getEnclosedElements().stream().anyMatch(MissingTypes::isInAnnotations);
    }

    static boolean isIn(AnnotationMirror annotation) {
        return isIn(annotation.getAnnotationType())
                || annotation.getElementValues().values().stream().anyMatch(MissingTypes::isIn);
    }

    static boolean isIn(AnnotationValue value) {
        Object content = value.getValue();
        if (content instanceof List<?> items) {
            return items.stream().anyMatch(item -> isIn((AnnotationValue) item));
        }
        return (content instanceof AnnotationMirror nested && isIn(nested))
                || (content instanceof TypeMirror type && isIn(type))
                || MISSING_VALUE.equals(content);
    }
}
