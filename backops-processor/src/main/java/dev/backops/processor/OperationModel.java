package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the generated operation needs.
 *
 * @param name the stored name
 * @param formerBranches the names that branches had before, by the present one, in the order of the source
 * @param receivers the classes of the objects that run the steps: the operation class, or the action types as listed, each
 *     once; empty where they are not known
 * @param retry the policy of every step that has none of its own
 * @param nameable whether generated code can name the operation class
 * @param callable whether all params are known, so that enqueueing can be written
 */
record OperationModel(
        GeneratedHeader header,
        String name,
        List<String> formerNames,
        Map<String, List<String>> formerBranches,
        ContextModel context,
        List<ClassName> receivers,
        List<StepModel> steps,
        FlowGraph flow,
        EnqueueModel enqueue,
        Optional<RetryModel> retry,
        boolean nameable,
        boolean callable) {

    OperationModel {
        formerNames = List.copyOf(formerNames);
        formerBranches = Collections.unmodifiableMap(new LinkedHashMap<>(formerBranches));
        receivers = List.copyOf(receivers);
        steps = List.copyOf(steps);
    }

    /** The model of an operation without mistakes. */
    static OperationModel of(OperationDeclaration operation) {
        ContextModel context = ContextModel.of(operation);
        Wiring wiring = new Wiring(operation);
        return new OperationModel(
                context.header(),
                operation.name().orElse(""),
                FormerNames.distinct(operation.formerly().stream()),
                formerBranches(operation),
                context,
                receivers(operation),
                operation.steps().stream()
                        .map(step -> step(step, operation, wiring, context))
                        .toList(),
                operation.flow(),
                EnqueueModel.of(operation.enqueue()),
                operation.retry().map(RetryModel::of),
                /* nameable= */ true,
                /* callable= */ true);
    }

    /** Only the signatures, for an operation with mistakes: code that calls it must not draw errors of its own. */
    static OperationModel skeleton(OperationDeclaration operation, boolean contextExists) {
        ContextModel context = contextExists ? ContextModel.of(operation) : ContextModel.empty(operation);
        boolean nameable = operation.type().accessibility() != Accessibility.NOWHERE
                && !operation.type().generic();
        boolean paramsKnown = context.params().size() == operation.paramValues().size()
                && operation.params().isPresent() == context.record().isPresent();
        return new OperationModel(
                context.header(),
                operation.name().orElse(""),
                List.of(),
                Map.of(),
                context,
                operation.listsActions() ? List.of() : List.of(operation.names().source()),
                List.of(),
                FlowGraph.of(List.of()),
                EnqueueModel.NONE,
                Optional.empty(),
                nameable,
                nameable && paramsKnown && contextExists);
    }

    private static Map<String, List<String>> formerBranches(OperationDeclaration operation) {
        Map<String, List<Written>> names = new LinkedHashMap<>();
        for (StepDeclaration step : operation.steps()) {
            if (!step.formerly().branches().isEmpty()) {
                names.computeIfAbsent(step.flow().branch().text(), unseen -> new ArrayList<>())
                        .addAll(step.formerly().branches());
            }
        }
        Map<String, List<String>> distinct = new LinkedHashMap<>();
        names.forEach((branch, former) -> distinct.put(branch, FormerNames.distinct(former.stream())));
        return distinct;
    }

    private static List<ClassName> receivers(OperationDeclaration operation) {
        return operation.listsActions()
                ? operation.steps().stream()
                        .flatMap(step -> step.action().stream())
                        .map(ActionType::type)
                        .distinct()
                        .toList()
                : List.of(operation.names().source());
    }

    private static StepModel step(
            StepDeclaration step, OperationDeclaration operation, Wiring wiring, ContextModel context) {
        return new StepModel(
                step.name(),
                FormerNames.distinct(step.formerly().names().stream()),
                step.method(),
                step.action(),
                step.parameters().stream()
                        .map(parameter -> argument(wiring.bind(step, parameter), parameter, context))
                        .toList(),
                result(step, context),
                FlowModel.of(step.flow()),
                step.timeout().or(operation::timeout).map(Written::text),
                step.retry().map(RetryModel::of));
    }

    private static ResultModel result(StepDeclaration step, ContextModel context) {
        Optional<ResultDeclaration.RecordType> record = step.outputRecord();
        List<OutputModel> outputs = step.outputs().stream()
                .map(output -> new OutputModel(
                        context.output(output.name(), output.mayBeMissing()),
                        output.component(),
                        output.type().nullness() == Nullness.OPTIONAL))
                .toList();
        return new ResultModel(
                record.map(ResultDeclaration.RecordType::type),
                step.result().map(result -> result.type().nullness()).orElse(Nullness.NON_NULL),
                outputs,
                step.jump().map(jump -> JumpModel.of(jump, step.flow().jumps())));
    }

    private static ArgumentModel argument(Binding binding, ParameterDeclaration parameter, ContextModel context) {
        if (binding instanceof Binding.Context) {
            return new ArgumentModel.Context();
        }
        if (binding instanceof Binding.Run) {
            return new ArgumentModel.Run();
        }
        if (binding instanceof Binding.Handle) {
            return new ArgumentModel.Handle();
        }
        if (binding instanceof Binding.Connection) {
            return new ArgumentModel.Connection();
        }
        if (binding instanceof Binding.Read read) {
            return new ArgumentModel.Value(
                    context.field(read.value().name()), parameter.type().nullness());
        }
        throw new IllegalStateException("\"" + parameter.name() + "\" is " + binding + " after a clean validation");
    }
}
