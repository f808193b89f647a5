package dev.backops.processor;

/** What generated code passes to a step. */
sealed interface ArgumentModel {

    /** The whole context. */
    record Context() implements ArgumentModel {}

    /** The {@code StepRun}. */
    record Run() implements ArgumentModel {}

    /** The {@code Handle} of the step's transaction. */
    record Handle() implements ArgumentModel {}

    /** The {@code Connection} of the step's transaction. */
    record Connection() implements ArgumentModel {}

    /** A param or an output, taken as the parameter declares it. */
    record Value(FieldModel field, Nullness taken) implements ArgumentModel {}
}
