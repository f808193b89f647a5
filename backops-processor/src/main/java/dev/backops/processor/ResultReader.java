package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.TypeName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/** Reads what a step method returns, with the parts of an enum or a record. */
final class ResultReader {

    private final Elements elements;
    private final Types typeUtils;
    private final TypeReader types;
    private final PackageElement from;

    ResultReader(ProcessingEnvironment environment, TypeReader types, PackageElement from) {
        this.elements = environment.getElementUtils();
        this.typeUtils = environment.getTypeUtils();
        this.types = types;
        this.from = from;
    }

    /** What the method returns; empty for nothing. */
    Optional<ResultDeclaration> read(ExecutableElement method) {
        TypeMirror type = method.getReturnType();
        if (type.getKind() == TypeKind.VOID || isVoid(type)) {
            return Optional.empty();
        }
        return Optional.of(new ResultDeclaration(types.read(type, method), constants(type), record(type)));
    }

    private Optional<EnumDeclaration> constants(TypeMirror type) {
        return declared(type)
                .map(declared -> (TypeElement) declared.asElement())
                .filter(element -> element.getKind() == ElementKind.ENUM)
                .map(this::constants);
    }

    private EnumDeclaration constants(TypeElement element) {
        List<? extends Element> constants = element.getEnclosedElements().stream()
                .filter(enclosed -> enclosed.getKind() == ElementKind.ENUM_CONSTANT)
                .toList();
        return new EnumDeclaration(
                ClassName.get(element),
                constants.stream()
                        .map(constant -> constant.getSimpleName().toString())
                        .toList(),
                Accessibility.of(element, from) != Accessibility.NOWHERE,
                Stream.concat(Stream.of(element), constants.stream()).anyMatch(elements::isDeprecated));
    }

    private Optional<ResultDeclaration.RecordType> record(TypeMirror type) {
        return declared(type)
                .filter(declared -> declared.asElement().getKind() == ElementKind.RECORD)
                .map(this::record);
    }

    private ResultDeclaration.RecordType record(DeclaredType type) {
        TypeElement element = (TypeElement) type.asElement();
        return new ResultDeclaration.RecordType(
                TypeName.get(type),
                element.getSimpleName().toString(),
                Accessibility.of(element, from) != Accessibility.NOWHERE,
                elements.isDeprecated(element),
                element.getRecordComponents().stream()
                        .map(component -> component(component, type))
                        .toList());
    }

    private ResultDeclaration.Component component(RecordComponentElement component, DeclaredType record) {
        TypeMirror type = component.asType();
        ExecutableElement accessor = component.getAccessor();
        if (!record.getTypeArguments().isEmpty() && accessor != null) {
            type = ((ExecutableType) typeUtils.asMemberOf(record, accessor)).getReturnType();
        }
        return new ResultDeclaration.Component(
                component.getSimpleName().toString(),
                types.read(type, component, (TypeElement) record.asElement()),
                AnnotationUse.isOn(component, TypeNames.JUMP),
                constants(type),
                ValueMarks.of(component, Place.of(component), elements));
    }

    /** The class or interface, out of its {@code Optional}; empty for what does not exist, or not yet. */
    private static Optional<DeclaredType> declared(TypeMirror type) {
        if (MissingTypes.isIn(type) || !(type instanceof DeclaredType declared)) {
            return Optional.empty();
        }
        return TypeReader.isOptional(type) && !declared.getTypeArguments().isEmpty()
                ? declared(declared.getTypeArguments().get(0))
                : Optional.of(declared);
    }

    private static boolean isVoid(TypeMirror type) {
        return type.getKind() == TypeKind.DECLARED
                && ((TypeElement) ((DeclaredType) type).asElement())
                        .getQualifiedName()
                        .contentEquals("java.lang.Void");
    }
}
