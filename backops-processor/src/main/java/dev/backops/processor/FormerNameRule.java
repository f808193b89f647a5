package dev.backops.processor;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Former names: that each stands for one thing, and for nothing that is called so today. */
final class FormerNameRule implements OperationValidator.Rule {

    @Override
    public void check(OperationDeclaration operation, Report report) {
        checkOperation(operation, report);
        checkStepsAndBranches(operation, report);
        checkValues(operation, report);
    }

    private static void checkOperation(OperationDeclaration operation, Report report) {
        Set<String> names = new HashSet<>(operation.name().stream().toList());
        for (Written former : operation.formerly()) {
            if (!OperationRule.isStoredName(former.text())) {
                invalid(former, report, "\"" + former.text() + "\" cannot have named an operation. Remove it.");
            } else if (!names.add(former.text())) {
                invalid(
                        former,
                        report,
                        "\"" + former.text() + "\" names " + operation.simpleName() + " already. Remove it.");
            }
        }
    }

    private static void checkStepsAndBranches(OperationDeclaration operation, Report report) {
        Names names = new Names("step or branch", report);
        for (StepDeclaration step : operation.steps()) {
            names.addPresent(step.name());
            names.addPresent(step.flow().branch().text());
        }
        names.addPresent(FlowStep.MAIN);
        names.addPresent(FlowStep.END);
        for (StepDeclaration step : operation.steps()) {
            String branch = step.flow().branch().text();
            step.formerly().names().forEach(former -> names.addFormer(former, step.name()));
            if (step.flow().isOnMain() && !step.formerly().branches().isEmpty()) {
                invalid(
                        step.formerly().branches().get(0),
                        report,
                        step.method() + " is on main, which has never had another name. Remove branchFormerly.");
            } else {
                step.formerly().branches().forEach(former -> names.addFormer(former, branch));
            }
        }
    }

    private static void checkValues(OperationDeclaration operation, Report report) {
        Names names = new Names("param or output", report);
        operation.paramValues().forEach(param -> names.addPresent(param.name()));
        operation.outputValues().forEach(output -> names.addPresent(output.name()));
        operation
                .paramValues()
                .forEach(param -> param.marks().formerly().forEach(former -> names.addFormer(former, param.name())));
        for (StepDeclaration step : operation.steps()) {
            step.outputs()
                    .forEach(output -> output.value()
                            .marks()
                            .formerly()
                            .forEach(former -> names.addFormer(former, output.name())));
            boolean reported = step.result().isEmpty() && !step.output().isEmpty();
            if (!step.formerly().outputs().isEmpty() && step.outputs().isEmpty() && !reported) {
                invalid(
                        step.formerly().outputs().get(0),
                        report,
                        step.method() + " keeps no output that could have had another name. Remove outputFormerly.");
            }
        }
    }

    private static void invalid(Written former, Report report, String... lines) {
        report.error("InvalidFormerName", former.place(), lines);
    }

    /** The names of one namespace, past and present. */
    private static final class Names {

        private final String kind;
        private final Report report;
        private final Set<String> present = new HashSet<>();
        private final Map<String, String> ownersByFormer = new HashMap<>();

        Names(String kind, Report report) {
            this.kind = kind;
            this.report = report;
        }

        void addPresent(String name) {
            present.add(name);
        }

        /** Several steps may say the same about their branch or output. */
        void addFormer(Written former, String owner) {
            String name = former.text();
            if (!JavaNames.isIdentifier(name)) {
                invalid(former, report, "\"" + name + "\" cannot have named a " + kind + ": it is no Java identifier.");
            } else if (present.contains(name)) {
                invalid(
                        former,
                        report,
                        "\"" + name + "\" names a " + kind + " today, so it cannot be a former name of \"" + owner
                                + "\".",
                        "Remove it, or give what is called so today another name.");
            } else {
                String other = ownersByFormer.putIfAbsent(name, owner);
                if (other != null && !other.equals(owner)) {
                    invalid(
                            former,
                            report,
                            "\"" + name + "\" is a former name of \"" + other + "\" already, so what is stored under it"
                                    + " could be either.",
                            "Remove one.");
                }
            }
        }
    }
}
