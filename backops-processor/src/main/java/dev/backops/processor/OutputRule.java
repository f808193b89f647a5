package dev.backops.processor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The outputs: that their names are free, that they can be stored, and that no path sets one twice. */
final class OutputRule implements OperationValidator.Rule {

    @Override
    public void check(OperationDeclaration operation, Report report) {
        Map<String, List<Integer>> setters = new LinkedHashMap<>();
        for (StepDeclaration step : operation.steps()) {
            checkValues(step, operation.type().generic() || step.generic(), report);
            for (String name : names(step)) {
                if (isNameFree(operation, step, name, report)) {
                    setters.computeIfAbsent(name, unseen -> new ArrayList<>())
                            .add(operation.steps().indexOf(step));
                }
            }
        }
        setters.forEach((name, steps) -> {
            if (steps.size() > 1) {
                Set<Integer> repeating = checkSetOnce(operation, name, steps, report);
                checkOneType(operation, name, steps, repeating, report);
            }
        });
    }

    /** What can be told about the outputs of a step without the rest of the operation. */
    static void checkOutputs(StepDeclaration step, Report report) {
        checkValues(step, step.generic(), report);
        names(step).forEach(name -> ValueRule.checkName(name, step.annotation().place("output"), "Output", report));
    }

    private static void checkValues(StepDeclaration step, boolean generic, Report report) {
        if (!step.output().isEmpty() && step.result().isEmpty()) {
            report.error(
                    "OutputOfVoid",
                    step.annotation().place("output"),
                    step.method() + " returns nothing, so there is no \"" + step.output() + "\" to keep.",
                    "Return the value, or remove the output.");
        }
        checkRecord(step, report);
        if (!step.async()) {
            // That there must be no type parameters is said at the class or step that has them.
            step.outputs().stream()
                    .filter(output -> !generic || !output.type().isTypeVariable())
                    .forEach(output -> ValueRule.checkType(output.value(), "Output", Refusal::adviceForOutput, report));
        }
    }

    private static void checkRecord(StepDeclaration step, Report report) {
        step.outputRecord()
                .filter(record -> !record.accessible())
                .ifPresent(record -> report.error(
                        "PrivateType",
                        step.annotation().place(),
                        step.method() + " returns " + record.simpleName() + ", but generated code cannot name it.",
                        "Make it and the classes around it at least package-private."));
    }

    /** The names of the outputs; of a record whose prefix is wrong, that alone, and of a step without any, what it says. */
    private static List<String> names(StepDeclaration step) {
        List<String> names =
                step.outputs().stream().map(OutputDeclaration::name).toList();
        boolean named = !step.output().isEmpty();
        return named && (names.isEmpty() || !JavaNames.isIdentifier(step.output())) ? List.of(step.output()) : names;
    }

    private static boolean isNameFree(
            OperationDeclaration operation, StepDeclaration step, String name, Report report) {
        Place place = step.annotation().place("output");
        if (!ValueRule.checkName(name, place, "Output", report)) {
            return false;
        }
        if (name.equals("of") && operation.params().isEmpty()) {
            report.error(
                    "ReservedName",
                    place,
                    "Output \"of\" would clash with "
                            + operation.names().context().simpleName() + ".of().",
                    "Pick another name.");
            return false;
        }
        if (operation.paramValues().stream()
                .map(ValueDeclaration::name)
                .collect(Collectors.toSet())
                .contains(name)) {
            report.error(
                    "OutputShadowsParam",
                    place,
                    step.method() + " sets \"" + name + "\", but that is a param, and params never change.",
                    "Give the output another name.");
            return false;
        }
        return true;
    }

    /** Two steps may set one output if no path runs both; returns those that are reported. */
    private static Set<Integer> checkSetOnce(
            OperationDeclaration operation, String name, List<Integer> setters, Report report) {
        Set<Integer> reported = new HashSet<>();
        OutputFlow flow = OutputFlow.of(operation.flow(), name);
        for (int later : setters) {
            for (int earlier : setters.subList(0, setters.indexOf(later))) {
                boolean inOrder = flow.isLastSetBefore(later, earlier);
                if (inOrder || flow.isLastSetBefore(earlier, later)) {
                    int second = inOrder ? later : earlier;
                    if (reported.add(second)) {
                        reportSetTwice(operation, flow, name, inOrder ? earlier : later, second, report);
                    }
                }
            }
        }
        return reported;
    }

    private static void reportSetTwice(
            OperationDeclaration operation, OutputFlow flow, String name, int first, int second, Report report) {
        FlowText text = new FlowText(operation);
        StepDeclaration step = operation.steps().get(second);
        report.error(
                "DuplicateOutput",
                step.annotation().place("output"),
                step.method() + " sets \"" + name + "\", which " + text.method(first) + " has set already"
                        + text.lastTurn(flow.wayBetween(first, second))
                                .map(turn -> " when " + turn)
                                .orElse("")
                        + ".",
                "Give each output a name of its own.");
    }

    private static void checkOneType(
            OperationDeclaration operation, String name, List<Integer> setters, Set<Integer> repeating, Report report) {
        StepDeclaration first = operation.steps().get(setters.get(0));
        TypeUse type = first.output(name).map(OutputDeclaration::type).orElse(null);
        for (int setter : setters.subList(1, setters.size())) {
            StepDeclaration step = operation.steps().get(setter);
            Optional<OutputDeclaration> output = step.output(name);
            if (type != null
                    && output.isPresent()
                    && !repeating.contains(setter)
                    && type.isSimple()
                    && output.get().type().isSimple()
                    && !output.get().type().holdsSameAs(type)) {
                report.error(
                        "TypeMismatch",
                        step.annotation().place("output"),
                        step.method() + " sets \"" + name + "\" as "
                                + output.get().type().valueText() + ", but " + first.method() + " sets it as "
                                + type.valueText() + ".",
                        "Make them the same, or give each output a name of its own.");
            }
        }
    }
}
