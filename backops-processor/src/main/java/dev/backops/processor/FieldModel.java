package dev.backops.processor;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import java.util.List;
import java.util.Optional;

/**
 * A param or an output in generated code.
 *
 * @param name the user's name
 * @param constant the name of its {@code Field} in the context
 * @param sources the step methods that set it; none for a param
 * @param value the type of the value; for an {@code Optional}, of what it holds
 * @param valueType an expression that is its {@code ValueType}
 * @param orElse an expression that is the JSON tree of its default
 */
record FieldModel(
        String name,
        String constant,
        List<String> sources,
        TypeName value,
        Nullness nullness,
        Optional<NullableAnnotation> annotation,
        CodeBlock valueType,
        List<String> formerNames,
        Optional<CodeBlock> orElse,
        boolean indexed,
        Privacy privacy) {

    FieldModel {
        sources = List.copyOf(sources);
        formerNames = List.copyOf(formerNames);
    }

    /** The type as the user declares it, without annotations. */
    TypeName declared() {
        return isOptional() ? ParameterizedTypeName.get(TypeNames.OPTIONAL, value.box()) : value;
    }

    /** The type as the user declares it, with an annotation that belongs to types. */
    TypeName annotated() {
        return annotation.map(nullable -> nullable.annotate(declared())).orElse(declared());
    }

    /** The annotation, if it belongs to declarations. */
    Optional<NullableAnnotation> declarationAnnotation() {
        return annotation.filter(nullable -> !nullable.onTypes());
    }

    boolean isOptional() {
        return nullness == Nullness.OPTIONAL;
    }
}
