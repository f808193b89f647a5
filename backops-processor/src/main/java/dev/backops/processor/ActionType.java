package dev.backops.processor;

import com.palantir.javapoet.ClassName;

/**
 * An action type as operations name and call it.
 *
 * @param companion the generated class with the method that calls the step
 * @param source whether it is of this compilation, and not of a class file
 */
record ActionType(ClassName type, ClassName companion, boolean deprecated, boolean source) {

    /** The method of the companion that calls the step. */
    static final String CALL = "call";

    /** The name of the step, where nothing gives it another. */
    String stepName() {
        return JavaNames.decapitalized(type.simpleName());
    }
}
