package dev.backops.processor;

import java.util.List;
import java.util.stream.Stream;

/**
 * A class with one step and no operation: an action type.
 *
 * @param hiddenTypes what the signature of its step names and generated code cannot
 * @param branchSettings what its step says about a branch, which only an operation can say
 */
record ActionDeclaration(
        ClassDeclaration type, StepDeclaration step, List<String> hiddenTypes, List<Written> branchSettings) {

    ActionDeclaration {
        hiddenTypes = List.copyOf(hiddenTypes);
        branchSettings = List.copyOf(branchSettings);
    }

    /** Whether a type in the signature of its step, or a value in its annotation, does not exist, or not yet. */
    boolean isIncomplete() {
        return step.annotation().missesValues()
                || step.result().filter(ResultDeclaration::isMissing).isPresent()
                || step.outputs().stream().anyMatch(output -> output.type().isMissing())
                || step.parameters().stream()
                        .anyMatch(parameter -> parameter.type().isMissing());
    }

    /** Whether generated code names something deprecated. */
    boolean namesDeprecated() {
        return type.deprecated()
                || step.deprecated()
                || Stream.concat(
                                step.parameters().stream().map(ParameterDeclaration::type),
                                step.result().stream().map(ResultDeclaration::type))
                        .anyMatch(TypeUse::deprecated);
    }
}
