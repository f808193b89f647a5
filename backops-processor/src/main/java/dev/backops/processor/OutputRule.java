package dev.backops.processor;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The outputs: that their names are free, and that they can be stored. */
final class OutputRule implements OperationValidator.Rule {

    @Override
    public void check(OperationDeclaration operation, Report report) {
        Map<String, StepDeclaration> setters = new HashMap<>();
        for (StepDeclaration step : operation.steps()) {
            if (step.output().isEmpty()) {
                continue;
            }
            if (step.result().isEmpty()) {
                report.error(
                        "OutputOfVoid",
                        step.annotation().place("output"),
                        step.method() + " returns nothing, so there is no \"" + step.output() + "\" to keep.",
                        "Return the value, or remove the output.");
            }
            checkName(operation, step, Optional.ofNullable(setters.putIfAbsent(step.output(), step)), report);
            if (!step.async()) {
                step.outputValue()
                        .ifPresent(output -> ValueRule.checkType(output, "Output", Refusal::adviceForOutput, report));
            }
        }
    }

    private static void checkName(
            OperationDeclaration operation, StepDeclaration step, Optional<StepDeclaration> first, Report report) {
        String name = step.output();
        Place place = step.annotation().place("output");
        if (!ValueRule.checkName(name, place, "Output", report)) {
            return;
        }
        if (name.equals("of") && operation.params().isEmpty()) {
            report.error(
                    "ReservedName",
                    place,
                    "Output \"of\" would clash with "
                            + operation.names().context().simpleName() + ".of().",
                    "Pick another name.");
            return;
        }
        first.ifPresent(earlier -> report.error(
                "DuplicateOutput",
                place,
                step.method() + " sets \"" + name + "\", which " + earlier.method() + " has set already.",
                "Give each output a name of its own."));
        if (operation.paramValues().stream()
                .map(ValueDeclaration::name)
                .collect(Collectors.toSet())
                .contains(name)) {
            report.error(
                    "OutputShadowsParam",
                    place,
                    step.method() + " sets \"" + name + "\", but that is a param, and params never change.",
                    "Give the output another name.");
        }
    }
}
