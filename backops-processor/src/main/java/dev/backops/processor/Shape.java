package dev.backops.processor;

import com.palantir.javapoet.CodeBlock;

/** Whether and how values of a type are stored. */
sealed interface Shape {

    /** A simple type, and an expression that is its {@code ValueType}. */
    record Simple(CodeBlock valueType) implements Shape {}

    /** A type that cannot be stored. */
    record Refused(Refusal refusal) implements Shape {}

    /** A type that generated code cannot name, because {@code typeName} is private or in another package. */
    record Hidden(String typeName) implements Shape {}

    /** A type that does not exist, or not yet. */
    record Missing() implements Shape {}
}
