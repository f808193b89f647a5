package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.TypeName;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Types;

/** Decides whether a type is simple, and writes the {@code ValueType} that stores it. */
final class SimpleTypes {

    private static final Map<String, String> SCALARS = Map.ofEntries(
            Map.entry("java.lang.Boolean", "BOOLEAN"),
            Map.entry("java.lang.Byte", "BYTE"),
            Map.entry("java.lang.Short", "SHORT"),
            Map.entry("java.lang.Integer", "INT"),
            Map.entry("java.lang.Long", "LONG"),
            Map.entry("java.lang.Float", "FLOAT"),
            Map.entry("java.lang.Double", "DOUBLE"),
            Map.entry("java.lang.Character", "CHAR"),
            Map.entry("java.lang.String", "STRING"),
            Map.entry("java.math.BigDecimal", "BIG_DECIMAL"),
            Map.entry("java.math.BigInteger", "BIG_INTEGER"),
            Map.entry("java.net.URI", "URI"),
            Map.entry("java.time.Duration", "DURATION"),
            Map.entry("java.time.Instant", "INSTANT"),
            Map.entry("java.time.LocalDate", "LOCAL_DATE"),
            Map.entry("java.time.LocalDateTime", "LOCAL_DATE_TIME"),
            Map.entry("java.time.LocalTime", "LOCAL_TIME"),
            Map.entry("java.time.OffsetDateTime", "OFFSET_DATE_TIME"),
            Map.entry("java.time.Period", "PERIOD"),
            Map.entry("java.time.Year", "YEAR"),
            Map.entry("java.time.YearMonth", "YEAR_MONTH"),
            Map.entry("java.time.ZoneId", "ZONE_ID"),
            Map.entry("java.time.ZonedDateTime", "ZONED_DATE_TIME"),
            Map.entry("java.util.Currency", "CURRENCY"),
            Map.entry("java.util.Locale", "LOCALE"),
            Map.entry("java.util.UUID", "UUID"));

    private static final Map<String, String> COLLECTIONS =
            Map.of("java.util.List", "listOf", "java.util.Set", "setOf", "java.util.Map", "mapOf");

    private final Types types;
    private final ComplexTypes complexTypes;
    private final PackageElement from;

    /** For operations in the package {@code from}. */
    SimpleTypes(Types types, ComplexTypes complexTypes, PackageElement from) {
        this.types = types;
        this.complexTypes = complexTypes;
        this.from = from;
    }

    /** The shape of a param or an output. */
    Shape shapeOf(TypeMirror type) {
        if (MissingTypes.isIn(type)) {
            return new Shape.Missing(MissingTypes.namesIn(type));
        }
        if (type instanceof DeclaredType declared && COLLECTIONS.containsKey(nameOf(declared))) {
            return collection(declared, declared.getTypeArguments());
        }
        return scalar(type);
    }

    private Shape collection(DeclaredType type, List<? extends TypeMirror> arguments) {
        if (arguments.isEmpty()) {
            return new Shape.Refused(Refusal.RAW);
        }
        if (arguments.size() == 2
                && !(arguments.get(0) instanceof DeclaredType key && nameOf(key).equals("java.lang.String"))) {
            return new Shape.Refused(Refusal.MAP_KEY);
        }
        if (arguments.stream().anyMatch(argument -> NullableReader.isOnType(argument))) {
            return new Shape.Refused(Refusal.NULLABLE_ELEMENT);
        }
        TypeMirror element = arguments.get(arguments.size() - 1);
        Shape shape = shapeOfElement(element);
        if (!(shape instanceof Shape.Simple simple)) {
            return shape;
        }
        String factory = COLLECTIONS.get(nameOf(type));
        return new Shape.Simple(
                CodeBlock.of("$T.$L($L)", TypeNames.TYPES, factory, simple.valueType()),
                new Shape.Kind.Collection(type.asElement().getSimpleName().toString(), simple.kind()),
                simple.privacy(),
                simple.accessibility());
    }

    private Shape shapeOfElement(TypeMirror element) {
        if (element.getKind() == TypeKind.WILDCARD) {
            return new Shape.Refused(Refusal.WILDCARD);
        }
        if (element instanceof DeclaredType declared
                && (COLLECTIONS.containsKey(nameOf(declared))
                        || nameOf(declared).equals("java.util.Optional"))) {
            return new Shape.Refused(Refusal.NESTED);
        }
        Shape shape = scalar(element);
        return shape instanceof Shape.Refused refused && refused.refusal() == Refusal.ENTITY
                ? new Shape.Refused(Refusal.ELEMENT)
                : shape;
    }

    private Shape scalar(TypeMirror type) {
        if (type.getKind().isPrimitive()) {
            return simple(type.getKind().name());
        }
        if (type instanceof ArrayType array) {
            boolean bytes = array.getComponentType().getKind() == TypeKind.BYTE;
            return new Shape.Refused(bytes ? Refusal.BYTES : Refusal.ARRAY);
        }
        if (!(type instanceof DeclaredType declared)) {
            return new Shape.Refused(Refusal.TYPE_VARIABLE);
        }
        String constant = SCALARS.get(nameOf(declared));
        if (constant != null) {
            return simple(constant);
        }
        TypeElement element = (TypeElement) declared.asElement();
        if (element.getKind() == ElementKind.ENUM) {
            return named(element, enumType(element));
        }
        if (element.getKind() == ElementKind.RECORD) {
            return element.getRecordComponents().size() == 1
                    ? named(
                            element,
                            wrapper(declared, element.getRecordComponents().get(0)))
                    : new Shape.Refused(Refusal.RECORD);
        }
        return new Shape.Refused(complexTypes.classify(declared));
    }

    private static Shape simple(String constant) {
        return new Shape.Simple(
                CodeBlock.of("$T.$L", TypeNames.TYPES, constant),
                new Shape.Kind.Scalar(constant),
                Privacy.OPEN,
                Accessibility.EVERYWHERE);
    }

    /** The shape, if generated code can name the type. */
    private Shape named(TypeElement type, Shape shape) {
        return shape instanceof Shape.Simple && Accessibility.of(type, from) == Accessibility.NOWHERE
                ? new Shape.Hidden(type.getSimpleName().toString())
                : shape;
    }

    // Types.enumOf("Plan", Plan.values())
    private Shape enumType(TypeElement type) {
        ClassName name = ClassName.get(type);
        return new Shape.Simple(
                CodeBlock.of("$1T.enumOf($3S, $2T.values())", TypeNames.TYPES, name, name.simpleName()),
                new Shape.Kind.Constants(type.getEnclosedElements().stream()
                        .filter(element -> element.getKind() == ElementKind.ENUM_CONSTANT)
                        .map(element -> element.getSimpleName().toString())
                        .toList()),
                Privacy.OPEN,
                Accessibility.of(type, from));
    }

    // Types.wrapper(Types.LONG, CustomerId::value, CustomerId::new), or with lambdas where that would be ambiguous
    private Shape wrapper(DeclaredType type, RecordComponentElement component) {
        if (!((TypeElement) type.asElement()).getTypeParameters().isEmpty()
                && type.getTypeArguments().isEmpty()) {
            return new Shape.Refused(Refusal.RAW);
        }
        ExecutableElement accessor = component.getAccessor();
        TypeMirror wrapped = accessor == null ? component.asType() : typeOf(accessor, type);
        if (MissingTypes.isIn(wrapped) || MissingTypes.isMistaken(component, (TypeElement) type.asElement())) {
            return new Shape.Missing(MissingTypes.namesIn(wrapped));
        }
        boolean scalar = wrapped.getKind().isPrimitive()
                || (wrapped instanceof DeclaredType declared && isScalar(declared))
                || isEnum(wrapped);
        if (!scalar || NullableReader.isOn(component)) {
            return new Shape.Refused(Refusal.WRAPPED);
        }
        if (!(scalar(wrapped) instanceof Shape.Simple simple)) {
            return scalar(wrapped);
        }
        TypeName name = TypeName.get(type);
        CodeBlock valueType = isInferred((TypeElement) type.asElement(), component)
                ? CodeBlock.of(
                        "$1T.wrapper($2L,$W$3T::$4L,$W$3T::new)",
                        TypeNames.TYPES,
                        simple.valueType(),
                        name,
                        component.getSimpleName())
                : CodeBlock.of(
                        "$1T.<$2T, $3T>wrapper($4L,$Wid -> id.$5L(),$Wvalue -> new $2T(value))",
                        TypeNames.TYPES,
                        name,
                        TypeName.get(wrapped).box(),
                        simple.valueType(),
                        component.getSimpleName());
        return new Shape.Simple(
                valueType,
                simple.kind(),
                Privacy.of(component),
                Accessibility.of((TypeElement) type.asElement(), from));
    }

    /** Whether the compiler finds the type arguments itself: overloads and type parameters hide them. */
    private static boolean isInferred(TypeElement type, RecordComponentElement component) {
        return type.getTypeParameters().isEmpty()
                && ElementFilter.constructorsIn(type.getEnclosedElements()).size() == 1
                && StepCollector.methods(type).stream()
                                .filter(method -> method.getSimpleName().equals(component.getSimpleName()))
                                .count()
                        == 1;
    }

    private TypeMirror typeOf(ExecutableElement accessor, DeclaredType type) {
        return accessor.getReturnType().getKind() == TypeKind.TYPEVAR
                ? ((ExecutableType) types.asMemberOf(type, accessor)).getReturnType()
                : accessor.getReturnType();
    }

    /** Whether it is one of the classes of the JDK that are simple. */
    static boolean isScalar(DeclaredType type) {
        return SCALARS.containsKey(nameOf(type));
    }

    private static boolean isEnum(TypeMirror type) {
        return type instanceof DeclaredType declared && declared.asElement().getKind() == ElementKind.ENUM;
    }

    private static String nameOf(DeclaredType type) {
        return ((TypeElement) type.asElement()).getQualifiedName().toString();
    }
}
