package dev.backops.processor;

/** What a parameter of a step stands for. */
sealed interface Binding {

    /** The generated context. */
    record Context() implements Binding {}

    /** The {@code StepRun}. */
    record Run() implements Binding {}

    /** A param, or an output that is set whenever the step starts; {@code source} says whose it is. */
    record Read(ValueDeclaration value, String source) implements Binding {}

    /** An output that is not set yet when the step starts. */
    record Unset(StepDeclaration setter) implements Binding {}

    /** No param or output has this name. */
    record Unknown() implements Binding {}

    /** It cannot be told, because what it refers to is wrong itself. */
    record Undecided() implements Binding {}
}
