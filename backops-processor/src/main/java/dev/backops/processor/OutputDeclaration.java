package dev.backops.processor;

/**
 * An output of a step.
 *
 * @param component the component of the returned record that it is; empty where the step returns it as it is
 */
record OutputDeclaration(ValueDeclaration value, String component) {

    String name() {
        return value.name();
    }

    TypeUse type() {
        return value.type();
    }

    boolean mayBeMissing() {
        return type().nullness().mayBeMissing();
    }
}
