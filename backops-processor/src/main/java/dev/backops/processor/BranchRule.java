package dev.backops.processor;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The branches: that their names are free, that there is a beginning, and that what follows a step exists. */
final class BranchRule implements OperationValidator.Rule {

    @Override
    public void check(OperationDeclaration operation, Report report) {
        checkNames(operation, report);
        Names names = Names.of(operation);
        Map<String, Set<String>> failureBranches = new TreeMap<>();
        for (StepDeclaration step : operation.steps()) {
            step.flow().jumpsTo().forEach(target -> checkTarget(operation, target, names, report));
            step.flow().then().ifPresent(target -> checkTarget(operation, target, names, report));
            step.flow()
                    .onFailure()
                    .ifPresent(branch -> checkFailureBranch(operation, step, branch, names, failureBranches, report));
        }
    }

    private static void checkNames(OperationDeclaration operation, Report report) {
        Set<String> steps =
                operation.steps().stream().map(StepDeclaration::name).collect(Collectors.toSet());
        Set<String> checked = new HashSet<>();
        boolean valid = true;
        for (StepDeclaration step : operation.steps()) {
            Written branch = step.flow().branch();
            if (checked.add(branch.text())) {
                valid &= isNameFree(branch, steps, report);
            }
        }
        if (valid
                && !operation.steps().isEmpty()
                && operation.steps().stream().noneMatch(step -> step.flow().isOnMain())) {
            report.error(
                    "NoMainStep",
                    operation.annotation().place(),
                    operation.simpleName() + " has no step on main, the branch on which every operation begins.",
                    operation.listsActions()
                            ? "List the action types with which it begins in actions or uses."
                            : "Leave out the branch of the steps with which it begins.");
        }
    }

    private static boolean isNameFree(Written branch, Set<String> steps, Report report) {
        String name = branch.text();
        if (name.equals(FlowStep.END)) {
            return invalidBranch(branch, report, "\"end\" is reserved and cannot name a branch. Pick another name.");
        }
        if (!JavaNames.isIdentifier(name)) {
            return invalidBranch(
                    branch,
                    report,
                    "\"" + name + "\" cannot name a branch: it must be a Java identifier, like \"refund\".");
        }
        // A step called main has been reported.
        return !steps.contains(name)
                || name.equals(FlowStep.MAIN)
                || invalidBranch(
                        branch,
                        report,
                        "\"" + name + "\" names a step and a branch, so that a jump could mean either. Rename one.");
    }

    private static boolean invalidBranch(Written branch, Report report, String... lines) {
        report.error("InvalidBranch", branch.place(), lines);
        return false;
    }

    private static void checkTarget(OperationDeclaration operation, Written target, Names names, Report report) {
        String name = target.text();
        if (name.equals(FlowStep.MAIN)) {
            report.error(
                    "JumpToMain",
                    target.place(),
                    "\"main\" is nothing to jump to: behind the last step of a branch, main goes on by itself.",
                    "To go back, name the step of main to go on with.");
        } else if (!names.targets().contains(name)) {
            report.error(
                    "UnknownJump",
                    target.place(),
                    operation.simpleName() + " has no branch or step \"" + name + "\"."
                            + (isMethodWithoutStep(name, operation)
                                    ? " The method " + name + " is none: annotate it with @Step."
                                    : advice(name, names.targets())));
        }
    }

    private static boolean isMethodWithoutStep(String name, OperationDeclaration operation) {
        return StepCollector.methods(operation.element()).stream()
                .anyMatch(method ->
                        method.getSimpleName().contentEquals(name) && !AnnotationUse.isOn(method, TypeNames.STEP));
    }

    private static void checkFailureBranch(
            OperationDeclaration operation,
            StepDeclaration step,
            Written onFailure,
            Names names,
            Map<String, Set<String>> failureBranches,
            Report report) {
        String branch = onFailure.text();
        if (names.branches().contains(branch)) {
            String own = step.flow().branch().text();
            if (leadsTo(branch, own, failureBranches)) {
                invalidFailureBranch(
                        onFailure,
                        report,
                        "\"" + branch + "\" would run again and again while " + step.method() + " fails in it.",
                        "Name no branch that leads back here, or none: the operation then waits as failed.");
            } else {
                failureBranches
                        .computeIfAbsent(own, unseen -> new LinkedHashSet<>())
                        .add(branch);
            }
        } else if (branch.equals(FlowStep.MAIN)) {
            invalidFailureBranch(
                    onFailure,
                    report,
                    "\"main\" is what has failed; onFailure names another branch.",
                    "Put what is to be done then on a branch of its own, for example: "
                            + operation.branchExample("undo"));
        } else if (branch.equals(FlowStep.END)) {
            invalidFailureBranch(
                    onFailure,
                    report,
                    "\"end\" is no branch. Without onFailure, the operation waits as failed once " + step.method()
                            + " has failed for good.",
                    "Remove it, or name a branch.");
        } else if (names.steps().contains(branch)) {
            reportStepAsFailureBranch(operation, onFailure, report);
        } else {
            report.error(
                    "UnknownJump",
                    onFailure.place(),
                    operation.simpleName() + " has no branch \"" + branch + "\"."
                            + (names.branches().isEmpty()
                                    ? " Put the steps for that on one: " + operation.branchExample(branch)
                                    : advice(branch, names.branches())));
        }
    }

    private static void reportStepAsFailureBranch(OperationDeclaration operation, Written onFailure, Report report) {
        FlowDeclaration named = operation.steps().stream()
                .filter(step -> step.name().equals(onFailure.text()))
                .findFirst()
                .orElseThrow()
                .flow();
        invalidFailureBranch(
                onFailure,
                report,
                "\"" + onFailure.text() + "\" is a step, but onFailure names a branch.",
                named.isOnMain()
                        ? "Put that step on a branch of its own, for example " + operation.branchExample("undo")
                                + ", and name that."
                        : "Name its branch, \"" + named.branch().text() + "\".");
    }

    private static boolean leadsTo(String from, String to, Map<String, Set<String>> failureBranches) {
        return from.equals(to)
                || failureBranches.getOrDefault(from, Set.of()).stream()
                        .anyMatch(next -> leadsTo(next, to, failureBranches));
    }

    private static void invalidFailureBranch(Written onFailure, Report report, String... lines) {
        report.error("InvalidFailureBranch", onFailure.place(), lines);
    }

    private static String advice(String name, Set<String> known) {
        return NearestName.of(name, known)
                .map(nearest -> " Did you mean \"" + nearest + "\"?")
                .orElse(" Known here: " + String.join(", ", known));
    }

    /** What can be jumped to; the branches are those beside {@code main}. */
    record Names(Set<String> steps, Set<String> branches, Set<String> targets) {

        static Names of(OperationDeclaration operation) {
            List<String> steps =
                    operation.steps().stream().map(StepDeclaration::name).toList();
            List<String> branches = operation.steps().stream()
                    .filter(step -> !step.flow().isOnMain())
                    .map(step -> step.flow().branch().text())
                    .toList();
            Set<String> targets = new LinkedHashSet<>(branches);
            targets.addAll(steps);
            targets.add(FlowStep.END);
            return new Names(new LinkedHashSet<>(steps), new LinkedHashSet<>(branches), targets);
        }

        /** What one step jumps to, where nobody knows yet what there is. */
        static Names ofTargets(StepDeclaration step) {
            Set<String> targets = new LinkedHashSet<>(step.flow().jumps());
            return new Names(Set.of(), targets, targets);
        }

        /** Whether a constant of an enum can stand for one of them. */
        boolean isTarget(String constant) {
            return targets.stream().anyMatch(target -> JumpNames.areAlike(constant, target));
        }
    }
}
