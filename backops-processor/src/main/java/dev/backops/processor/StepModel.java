package dev.backops.processor;

import java.util.List;
import java.util.Optional;

/**
 * A step in generated code.
 *
 * @param name the stored name
 * @param timeout its own or that of the operation
 * @param action the action type that it is; empty for a method of the operation class
 * @param retry the policy of its own
 */
record StepModel(
        String name,
        List<String> formerNames,
        String method,
        Optional<ActionType> action,
        List<ArgumentModel> arguments,
        ResultModel result,
        FlowModel flow,
        Optional<String> timeout,
        Optional<RetryModel> retry) {

    StepModel {
        formerNames = List.copyOf(formerNames);
        arguments = List.copyOf(arguments);
    }

    /** The names of what must be set when it starts. */
    List<String> reads() {
        return namesRead(/* optional= */ false);
    }

    /** The names of what it takes if it is set. */
    List<String> mayRead() {
        return namesRead(/* optional= */ true);
    }

    /** Whether it works in the transaction of its record. */
    boolean isTransactional() {
        return arguments.stream()
                .anyMatch(argument ->
                        argument instanceof ArgumentModel.Handle || argument instanceof ArgumentModel.Connection);
    }

    private List<String> namesRead(boolean optional) {
        return arguments.stream()
                .filter(ArgumentModel.Value.class::isInstance)
                .map(ArgumentModel.Value.class::cast)
                .filter(value -> value.taken().mayBeMissing() == optional)
                .map(value -> value.field().name())
                .distinct()
                .toList();
    }
}
