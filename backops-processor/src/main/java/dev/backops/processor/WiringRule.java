package dev.backops.processor;

import java.util.List;

/** The parameters of steps: that each stands for something that is set, of the same type. */
final class WiringRule implements OperationValidator.Rule {

    @Override
    public void check(OperationDeclaration operation, Report report) {
        Wiring wiring = new Wiring(operation);
        for (StepDeclaration step : operation.steps()) {
            for (ParameterDeclaration parameter : step.parameters()) {
                Binding binding = wiring.bind(step, parameter);
                if (binding instanceof Binding.Unknown) {
                    reportUnknown(operation, step, parameter, wiring.known(step), report);
                } else if (binding instanceof Binding.Unset unset) {
                    reportUnset(step, parameter, unset.setter(), report);
                } else if (binding instanceof Binding.Read read) {
                    checkType(step, parameter, read, report);
                }
            }
        }
    }

    private static void reportUnknown(
            OperationDeclaration operation,
            StepDeclaration step,
            ParameterDeclaration parameter,
            List<String> known,
            Report report) {
        report.error(
                "UnknownParameter",
                Place.of(step.element()),
                step.method() + " takes \"" + parameter.name() + "\", which is neither a param nor an output.",
                adviceForUnknown(operation, parameter, known));
    }

    private static String adviceForUnknown(
            OperationDeclaration operation, ParameterDeclaration parameter, List<String> known) {
        if (operation
                .params()
                .filter(params -> params.name().equals(parameter.type().value()))
                .isPresent()) {
            return "Take the components of Params one by one, or all values as "
                    + operation.names().context().simpleName() + ".";
        }
        if (known.isEmpty()) {
            return "Nothing is known here: " + operation.simpleName()
                    + " has no record Params, and no earlier step has an output.";
        }
        return NearestName.of(parameter.name(), known)
                        .map(name -> "Did you mean \"" + name + "\"? ")
                        .orElse("")
                + "Known here: " + String.join(", ", known);
    }

    private static void reportUnset(
            StepDeclaration step, ParameterDeclaration parameter, StepDeclaration setter, Report report) {
        boolean itself = setter.equals(step);
        report.error(
                "UnsetOutput",
                Place.of(step.element()),
                step.method() + " reads \"" + parameter.name() + "\", which "
                        + (itself
                                ? "it sets itself, once it has returned."
                                : setter.method() + " sets, but only after it."),
                itself
                        ? "Only later steps can read it."
                        : "Move " + step.method() + " behind " + setter.method() + ".");
    }

    private static void checkType(
            StepDeclaration step, ParameterDeclaration parameter, Binding.Read read, Report report) {
        TypeUse wanted = parameter.type();
        TypeUse given = read.value().type();
        if (!given.isSimple() || wanted.isMissing()) {
            return;
        }
        String takes = step.method() + " takes \"" + parameter.name() + "\" as " + wanted.text() + ", but ";
        if (!wanted.holdsSameAs(given)) {
            report.error(
                    "TypeMismatch",
                    Place.of(step.element()),
                    takes + read.source() + " is " + given.text() + ".",
                    "Take it as " + given.text() + ".");
        } else if (given.nullness().mayBeMissing() && !takesMissing(wanted)) {
            String type = given.value().box().toString().replaceAll("\\bjava\\.lang\\.(?=[A-Z])", "");
            report.error(
                    "TypeMismatch",
                    Place.of(step.element()),
                    takes + read.source() + " is " + given.text() + " and may be missing.",
                    "Take it as @Nullable " + type + " or Optional<" + type + ">.");
        }
    }

    private static boolean takesMissing(TypeUse wanted) {
        return wanted.nullness().mayBeMissing() && !wanted.value().isPrimitive();
    }
}
