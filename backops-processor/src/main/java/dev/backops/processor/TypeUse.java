package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import java.util.Optional;
import java.util.Set;

/**
 * The type of a param, of an output or of a step's parameter.
 *
 * @param value the type of the value; for an {@code Optional}, of what it holds
 * @param annotation the annotation that makes it nullable, where generated code can repeat it
 * @param deprecated whether generated code that names it needs to suppress a warning
 */
record TypeUse(
        TypeName value, Nullness nullness, Optional<NullableAnnotation> annotation, Shape shape, boolean deprecated) {

    /** The use of a context that is about to be written. */
    static TypeUse ofContext(ClassName context) {
        return new TypeUse(
                context,
                Nullness.NON_NULL,
                Optional.empty(),
                new Shape.Refused(Refusal.ENTITY),
                /* deprecated= */ false);
    }

    /** The type as declared. */
    TypeName declared() {
        return nullness == Nullness.OPTIONAL ? ParameterizedTypeName.get(TypeNames.OPTIONAL, value.box()) : value;
    }

    /** The type as declared, with an annotation that belongs to types. */
    TypeName annotated() {
        return annotation.map(nullable -> nullable.annotate(declared())).orElse(declared());
    }

    /** The annotation, if it belongs to declarations. */
    Optional<NullableAnnotation> declarationAnnotation() {
        return annotation.filter(nullable -> !nullable.onTypes());
    }

    /** Whether both hold the same values: boxing and nullness aside, the same type. */
    boolean holdsSameAs(TypeUse other) {
        return value.box().equals(other.value.box());
    }

    /** Whether a parameter of this type can be passed nothing. */
    boolean takesMissing() {
        return nullness.mayBeMissing() && !value.isPrimitive();
    }

    /** The type of the value without its nullness, as the user reads it in a message. */
    String valueText() {
        return value.box().toString().replaceAll("\\bjava\\.lang\\.(?=[A-Z])", "");
    }

    /** The same type, where the value may be missing. */
    TypeUse orNothing() {
        return nullness.mayBeMissing()
                ? this
                : new TypeUse(value.box(), Nullness.NULLABLE, annotation, shape, deprecated);
    }

    boolean isMissing() {
        return shape instanceof Shape.Missing;
    }

    /** What it is made of that does not exist, or not yet. */
    Set<String> missingTypes() {
        return shape instanceof Shape.Missing missing ? missing.names() : Set.of();
    }

    boolean isSimple() {
        return shape instanceof Shape.Simple;
    }

    boolean isTypeVariable() {
        return shape instanceof Shape.Refused refused && refused.refusal() == Refusal.TYPE_VARIABLE;
    }

    /** The {@code ValueType} in a context; of what cannot be stored a gap, so that the rest can be compiled. */
    Optional<CodeBlock> valueType() {
        if (shape instanceof Shape.Simple simple) {
            return Optional.of(simple.valueType());
        }
        return shape instanceof Shape.Refused refused && refused.nameable()
                ? Optional.of(CodeBlock.of("($T) null", ParameterizedTypeName.get(TypeNames.VALUE_TYPE, value.box())))
                : Optional.empty();
    }

    /** What the values are like, if the type is simple. */
    Optional<Shape.Kind> kind() {
        return shape instanceof Shape.Simple simple ? Optional.of(simple.kind()) : Optional.empty();
    }

    /** Whether only code in the package of the operation can name it. */
    boolean isPackagePrivate() {
        return shape instanceof Shape.Simple simple && simple.accessibility() == Accessibility.PACKAGE;
    }

    Privacy privacy() {
        return shape instanceof Shape.Simple simple ? simple.privacy() : Privacy.OPEN;
    }

    boolean isCollection() {
        return kind().filter(Shape.Kind.Collection.class::isInstance).isPresent();
    }

    /** As the user reads it in a message, with {@code java.lang} left out. */
    String text() {
        String type = declared().toString().replaceAll("\\bjava\\.lang\\.(?=[A-Z])", "");
        return nullness == Nullness.NULLABLE ? "@Nullable " + type : type;
    }
}
