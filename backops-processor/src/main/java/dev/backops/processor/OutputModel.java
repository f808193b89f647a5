package dev.backops.processor;

/**
 * An output that a step sets, in generated code.
 *
 * @param component the component of the returned record that it is; empty where the step returns it as it is
 * @param isOptional whether the result or the component is an {@code Optional}
 */
record OutputModel(FieldModel field, String component, boolean isOptional) {}
