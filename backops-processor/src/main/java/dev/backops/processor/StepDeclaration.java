package dev.backops.processor;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;

/**
 * A method annotated as a step.
 *
 * @param givenName the name in the annotation; empty where the method's name is the stored one
 * @param throwsOther whether it declares something that is neither an exception nor an error
 * @param result what the method returns; empty for {@code void}
 * @param async whether it returns before its work is done
 * @param output the name in the annotation; empty where the result is not kept
 */
record StepDeclaration(
        ExecutableElement element,
        AnnotationUse annotation,
        String method,
        String givenName,
        Set<Modifier> modifiers,
        boolean generic,
        boolean throwsOther,
        boolean deprecated,
        List<ParameterDeclaration> parameters,
        Optional<TypeUse> result,
        boolean async,
        String output,
        Optional<RetryDeclaration> retry) {

    StepDeclaration {
        modifiers = Set.copyOf(modifiers);
        parameters = List.copyOf(parameters);
    }

    /** The name under which the step is stored. */
    String name() {
        return givenName.isEmpty() ? method : givenName;
    }

    /** Where the stored name stands. */
    Place namePlace() {
        return givenName.isEmpty() ? Place.of(element) : annotation.place("name");
    }

    /** What the step sets, if it keeps its result. */
    Optional<ValueDeclaration> outputValue() {
        return output.isEmpty()
                ? Optional.empty()
                : result.map(type -> new ValueDeclaration(output, type, annotation.place("output")));
    }
}
