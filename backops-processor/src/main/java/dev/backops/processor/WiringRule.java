package dev.backops.processor;

import java.util.List;

/** The parameters of steps: that each stands for something that is set, of the same type. */
final class WiringRule implements OperationValidator.Rule {

    @Override
    public void check(OperationDeclaration operation, Report report) {
        Wiring wiring = new Wiring(operation);
        boolean isWhole = FlowRule.isWhole(report);
        for (StepDeclaration step : operation.steps()) {
            for (ParameterDeclaration parameter : step.parameters()) {
                // That there must be no type parameters is said at the class or step that has them.
                boolean isReported = ActionValidator.reports(step, parameter)
                        || ((operation.type().generic() || step.generic())
                                && parameter.type().isTypeVariable());
                if (!isReported) {
                    check(operation, step, parameter, wiring, isWhole, report);
                }
            }
        }
    }

    private static void check(
            OperationDeclaration operation,
            StepDeclaration step,
            ParameterDeclaration parameter,
            Wiring wiring,
            boolean isWhole,
            Report report) {
        Binding binding = wiring.bind(step, parameter);
        if (binding instanceof Binding.Unknown) {
            reportUnknown(operation, step, parameter, wiring, report);
        } else if (binding instanceof Binding.Unset unset) {
            // In a flow with a mistake, the missing way may be the one that sets it.
            if (isWhole || unset.parting().isPresent()) {
                reportUnset(operation, step, parameter, unset, report);
            }
        } else if (binding instanceof Binding.Read read) {
            checkType(step, parameter, read, report);
        }
    }

    private static void reportUnknown(
            OperationDeclaration operation,
            StepDeclaration step,
            ParameterDeclaration parameter,
            Wiring wiring,
            Report report) {
        report.error(
                "UnknownParameter",
                step.place(),
                step.method() + " takes \"" + parameter.name() + "\", which is neither a param nor an output.",
                adviceForUnknown(operation, step, parameter, wiring));
    }

    private static String adviceForUnknown(
            OperationDeclaration operation, StepDeclaration step, ParameterDeclaration parameter, Wiring wiring) {
        if (operation
                .params()
                .filter(params -> params.name().equals(parameter.type().value()))
                .isPresent()) {
            return "Take the components of Params one by one, or all values as "
                    + operation.names().context().simpleName() + ".";
        }
        if (parameter.type().nullness() == Nullness.OPTIONAL
                && wiring.byType(parameter.type().value()).isPresent()) {
            return "It is always there: take it without Optional.";
        }
        if (parameter.type().shape() instanceof Shape.Refused refused) {
            if (refused.refusal() == Refusal.CONTEXT) {
                return "Steps of " + operation.simpleName() + " can take its own context, "
                        + operation.names().context().canonicalName() + ".";
            }
            String owner =
                    step.action().map(action -> action.type().simpleName()).orElse(operation.simpleName());
            return servicesBelongTo(owner);
        }
        List<String> known = wiring.known(step);
        if (known.isEmpty()) {
            return "Nothing is known here: " + operation.simpleName()
                    + " has no record Params, and no earlier step has an output.";
        }
        return NearestName.of(parameter.name(), known)
                        .map(name -> "Did you mean \"" + name + "\"? ")
                        .orElse("")
                + "Known here: " + String.join(", ", known);
    }

    static String servicesBelongTo(String owner) {
        return "Services belong in the constructor of " + owner + ", and what a step works on in Params or an output.";
    }

    private static void reportUnset(
            OperationDeclaration operation,
            StepDeclaration step,
            ParameterDeclaration parameter,
            Binding.Unset unset,
            Report report) {
        String name = parameter.name();
        StepDeclaration setter = unset.setters().get(0);
        String problem;
        String advice;
        if (unset.parting().isPresent()) {
            int index = operation.steps().indexOf(step);
            String type = setter.output(name).orElseThrow().type().valueText();
            problem = "is not set when "
                    + new FlowText(operation).parting(unset.parting().get(), index, name) + ".";
            advice = "Set it on every path, or take it as @Nullable " + type + ".";
        } else if (setter.equals(step)) {
            problem = "it sets itself, once it has returned.";
            advice = "Only later steps can read it.";
        } else if (!operation.flow().reaches(operation.steps().indexOf(setter))) {
            problem = setter.method() + " sets, but nothing leads to " + setter.method() + ".";
            advice = "Let a step jump to it, or remove the parameter.";
        } else if (setter.flow().branch().text().equals(step.flow().branch().text())) {
            problem = setter.method() + " sets, but only after it.";
            advice = "Move " + step.method() + " behind " + setter.method() + ".";
        } else {
            problem = setter.method() + " sets, but never before it.";
            advice = "Set it before " + step.method() + ", or remove the parameter.";
        }
        report.error("UnsetOutput", step.place(), step.method() + " reads \"" + name + "\", which " + problem, advice);
    }

    private static void checkType(
            StepDeclaration step, ParameterDeclaration parameter, Binding.Read read, Report report) {
        TypeUse wanted = parameter.type();
        TypeUse given = read.value().type();
        if (!given.isSimple() || wanted.isMissing()) {
            return;
        }
        if (!wanted.holdsSameAs(given)) {
            report.error(
                    "TypeMismatch",
                    step.place(),
                    takenText(step, parameter) + read.source() + " is " + given.text() + ".",
                    "Take it as " + given.text() + ".");
        } else if (given.nullness().mayBeMissing() && !wanted.takesMissing()) {
            String type = given.valueText();
            report.error(
                    "TypeMismatch",
                    step.place(),
                    takenText(step, parameter) + read.source() + " is " + given.text() + " and may be missing.",
                    "Take it as @Nullable " + type + " or Optional<" + type + ">.");
        }
    }

    private static String takenText(StepDeclaration step, ParameterDeclaration parameter) {
        return step.method() + " takes \"" + parameter.name() + "\" as "
                + parameter.type().text() + ", but ";
    }
}
