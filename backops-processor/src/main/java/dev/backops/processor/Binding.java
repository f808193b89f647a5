package dev.backops.processor;

import java.util.List;
import java.util.Optional;

/** What a parameter of a step stands for. */
sealed interface Binding {

    /** The generated context. */
    record Context() implements Binding {}

    /** The {@code StepRun}. */
    record Run() implements Binding {}

    /** The transaction that holds the record of the step, as a Jdbi {@code Handle}. */
    record Handle() implements Binding {}

    /** The same, as a JDBC {@code Connection}. */
    record Connection() implements Binding {}

    /** A param, or an output that is set whenever the step starts; {@code source} says whose it is. */
    record Read(ValueDeclaration value, String source) implements Binding {}

    /**
     * An output that is not set on every way to the step.
     *
     * @param setters the steps that set it
     * @param parting where a way that does not set it parts from those that do; empty where none sets it in time
     */
    record Unset(List<StepDeclaration> setters, Optional<FlowGraph.Edge> parting) implements Binding {

        public Unset {
            setters = List.copyOf(setters);
        }
    }

    /** No param or output has this name. */
    record Unknown() implements Binding {}

    /** It cannot be told, because what it refers to is wrong itself. */
    record Undecided() implements Binding {}
}
