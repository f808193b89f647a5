package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/**
 * Tells whether an operation class can be read for good, since all that it names is there but for its context: a later round
 * then reads the same.
 */
final class Completeness {

    private final ClassName context;
    private final Set<TypeElement> seen = new HashSet<>();

    private Completeness(ClassName context) {
        this.context = context;
    }

    static boolean of(OperationDeclaration operation) {
        return new Completeness(operation.names().context()).isComplete(operation.element());
    }

    /** Whether a type does not exist yet and has the name of the context, so that it will be that. */
    static boolean isUnwritten(TypeMirror type, ClassName context) {
        return type.getKind() == TypeKind.ERROR && type.toString().equals(context.simpleName());
    }

    /** Whether every parameter of a step that bears the name of the context is of that type, once it is written. */
    static boolean namesContext(TypeElement operation) {
        ClassName context = GeneratedNames.of(ClassName.get(operation)).context();
        return StepCollector.methods(operation).stream()
                .filter(method -> AnnotationUse.isOn(method, TypeNames.STEP))
                .flatMap(method -> method.getParameters().stream())
                .map(VariableElement::asType)
                .filter(type -> type instanceof DeclaredType declared
                        && declared.asElement().getSimpleName().contentEquals(context.simpleName()))
                .allMatch(type -> type.getKind() != TypeKind.ERROR
                        && ClassName.get((TypeElement) ((DeclaredType) type).asElement())
                                .equals(context));
    }

    private boolean isComplete(TypeElement type) {
        return !seen.add(type)
                || (isAnnotatedCompletely(type)
                        && hasCompleteSupertypes(type)
                        && type.getEnclosedElements().stream().allMatch(this::isCompleteMember));
    }

    /** Whether all that a type inherits from is there. */
    static boolean hasCompleteSupertypes(TypeElement type) {
        return Stream.concat(Stream.of(type.getSuperclass()), type.getInterfaces().stream())
                .allMatch(parent -> !MissingTypes.isIn(parent)
                        && (!(parent instanceof DeclaredType declared)
                                || hasCompleteSupertypes((TypeElement) declared.asElement())));
    }

    private boolean isCompleteMember(Element member) {
        if (member instanceof TypeElement nested) {
            return isComplete(nested);
        }
        if (!isAnnotatedCompletely(member)) {
            return false;
        }
        return member.getKind() == ElementKind.METHOD
                ? isCompleteMethod((ExecutableElement) member)
                : member.getKind() != ElementKind.RECORD_COMPONENT || isCompleteType(member.asType());
    }

    private boolean isCompleteMethod(ExecutableElement method) {
        return isCompleteType(method.getReturnType())
                && method.getThrownTypes().stream().noneMatch(MissingTypes::isIn)
                && method.getParameters().stream().allMatch(this::isCompleteParameter);
    }

    private boolean isCompleteParameter(VariableElement parameter) {
        return isAnnotatedCompletely(parameter)
                && (isUnwritten(parameter.asType(), context) || isCompleteType(parameter.asType()));
    }

    /** Records, for what stands at their components, too. */
    private boolean isCompleteType(TypeMirror type) {
        if (MissingTypes.isIn(type)) {
            return false;
        }
        return !(type instanceof DeclaredType declared)
                || ((declared.asElement().getKind() != ElementKind.RECORD
                                || isComplete((TypeElement) declared.asElement()))
                        && declared.getTypeArguments().stream().allMatch(this::isCompleteType));
    }

    private static boolean isAnnotatedCompletely(Element element) {
        return element.getAnnotationMirrors().stream().noneMatch(MissingTypes::isIn);
    }
}
