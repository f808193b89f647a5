package dev.backops.processor;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/**
 * A method annotated as a step.
 *
 * @param place where what is wrong with the step as a whole is reported
 * @param method what messages call it: the method, and for an action type that an operation lists, the stored name
 * @param storedName the name under which it is stored, and where that stands
 * @param action the action type that it is; empty for a method of the operation
 * @param throwsOther whether it declares something that is neither an exception nor an error
 * @param result what the method returns; empty for {@code void}
 * @param async whether it returns before its work is done
 * @param output the name in the annotation; empty where it gives none
 * @param marks what annotations of the method say about all its outputs
 */
record StepDeclaration(
        Place place,
        AnnotationUse annotation,
        String method,
        Written storedName,
        Optional<ActionType> action,
        Set<Modifier> modifiers,
        boolean generic,
        boolean throwsOther,
        boolean deprecated,
        List<ParameterDeclaration> parameters,
        Optional<ResultDeclaration> result,
        boolean async,
        String output,
        FlowDeclaration flow,
        Optional<Written> timeout,
        FormerNames formerly,
        ValueMarks marks,
        Optional<RetryDeclaration> retry) {

    StepDeclaration {
        modifiers = Set.copyOf(modifiers);
        parameters = List.copyOf(parameters);
    }

    /** The name under which the step is stored. */
    String name() {
        return storedName.text();
    }

    /** Where the stored name stands. */
    Place namePlace() {
        return storedName.place();
    }

    /** What the step sets, if it keeps its result: the result, or each component of a record. */
    List<OutputDeclaration> outputs() {
        Optional<ResultDeclaration.RecordType> record = outputRecord();
        if (record.isPresent()) {
            return record.get().components().stream()
                    .filter(component -> !component.isJump())
                    .map(this::output)
                    .toList();
        }
        return output.isEmpty()
                ? List.of()
                : result.stream()
                        .map(returned ->
                                output(output, returned.type(), "", marks.within(formerly.outputs(), Privacy.OPEN)))
                        .toList();
    }

    Optional<OutputDeclaration> output(String name) {
        return outputs().stream().filter(found -> found.name().equals(name)).findFirst();
    }

    /**
     * The returned record, if its components are what the step returns; a record of one component that has a name as a
     * whole is a value of its own.
     */
    Optional<ResultDeclaration.RecordType> outputRecord() {
        return result.flatMap(ResultDeclaration::record)
                .filter(record -> record.components().size() > 1
                        || (record.components().size() == 1 && output.isEmpty())
                        || !record.jumps().isEmpty());
    }

    /** With what the step says where it jumps, if it can say so. */
    Optional<JumpDeclaration> jump() {
        if (flow.jumpsTo().isEmpty()) {
            return Optional.empty();
        }
        Optional<ResultDeclaration.RecordType> record = outputRecord();
        if (record.isPresent()) {
            return record.get().jumps().size() == 1 ? jump(record.get().jumps().get(0)) : Optional.empty();
        }
        return result.flatMap(returned -> returned.constants()
                .map(constants ->
                        new JumpDeclaration(constants, "", returned.type().nullness())));
    }

    /** Whether it never goes on without a jump. What cannot say where it jumps goes nowhere else. */
    boolean alwaysJumps() {
        return !flow.jumpsTo().isEmpty()
                && jump().filter(jump -> jump.nullness().mayBeMissing()).isEmpty();
    }

    /** The step in the flow. */
    FlowStep flowStep() {
        return new FlowStep(
                name(),
                flow.branch().text(),
                outputNames(/* mayBeMissing= */ false),
                outputNames(/* mayBeMissing= */ true),
                flow.jumps(),
                alwaysJumps(),
                flow.then().map(Written::text),
                flow.onFailure().map(Written::text),
                flow.delay().isPresent() || flow.at().isPresent());
    }

    private Set<String> outputNames(boolean mayBeMissing) {
        return outputs().stream()
                .filter(found -> found.mayBeMissing() == mayBeMissing)
                .map(OutputDeclaration::name)
                .collect(Collectors.toSet());
    }

    private Optional<JumpDeclaration> jump(ResultDeclaration.Component component) {
        Nullness nullness = mayReturnNothing() && !component.type().nullness().mayBeMissing()
                ? Nullness.NULLABLE
                : component.type().nullness();
        return component.constants().map(constants -> new JumpDeclaration(constants, component.name(), nullness));
    }

    private OutputDeclaration output(ResultDeclaration.Component component) {
        String name = prefixed(output, component.name());
        TypeUse type = mayReturnNothing() ? component.type().orNothing() : component.type();
        return output(name, type, component.name(), component.marks().within(formerNames(component), marks.privacy()));
    }

    /** Every name that a component had, behind everything that stood before it. */
    private List<Written> formerNames(ResultDeclaration.Component component) {
        Stream<Written> renamed = component.marks().formerly().stream()
                .map(former -> new Written(prefixed(output, former.text()), annotation.place("output")));
        Stream<Written> prefixedOtherwise = formerly.outputs().stream()
                .flatMap(prefix -> Stream.concat(
                                Stream.of(component.name()),
                                component.marks().formerly().stream().map(Written::text))
                        .map(name -> new Written(prefixed(prefix.text(), name), prefix.place())));
        return Stream.concat(renamed, prefixedOtherwise).toList();
    }

    private static String prefixed(String prefix, String component) {
        return prefix.isEmpty() ? component : prefix + JavaNames.capitalized(component);
    }

    private OutputDeclaration output(String name, TypeUse type, String component, ValueMarks outputMarks) {
        return new OutputDeclaration(
                new ValueDeclaration(name, type, annotation.place("output"), outputMarks), component);
    }

    /** Whether generated code names a deprecated record or enum that the method returns. */
    boolean namesDeprecated() {
        return outputRecord().filter(ResultDeclaration.RecordType::deprecated).isPresent()
                || jump().filter(jump -> jump.constants().deprecated()).isPresent();
    }

    /** Whether the whole result may be missing. */
    boolean mayReturnNothing() {
        return result.filter(returned -> returned.type().nullness().mayBeMissing())
                .isPresent();
    }
}
