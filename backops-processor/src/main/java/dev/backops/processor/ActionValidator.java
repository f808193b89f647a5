package dev.backops.processor;

import java.util.Set;

/** Finds every mistake of an action type that is one whatever operations list it. */
final class ActionValidator {

    private ActionValidator() {}

    static Report validate(ActionDeclaration action) {
        Report report = new Report();
        checkClass(action, report);
        for (Written setting : action.branchSettings()) {
            report.error(
                    "BranchOfAction",
                    setting.place(),
                    action.type().simpleName()
                            + " is an action type, and the operation that lists it says on which branch" + " it runs.",
                    "Remove " + setting.text() + ", and list it there: @Branch(name = \"undo\", actions = "
                            + action.type().simpleName() + ".class)");
        }
        StepDeclaration step = action.step();
        StepRule.checkStep(step, report);
        StepRule.checkFinal(action.type(), step, report);
        checkParameters(action, report);
        MarkRule.checkStep(step, report);
        JumpRule.checkJumps(step, BranchRule.Names.ofTargets(step), report);
        TimeRule.checkTimes(step, report);
        OutputRule.checkOutputs(step, report);
        step.retry().ifPresent(retry -> RetryRule.check(retry, report));
        if (!report.hasError(Set.of("PrivateType"))) {
            checkSignature(action, report);
        }
        OperationRule.checkState(action.type(), report);
        return report;
    }

    /** Whether a parameter is a mistake of the action type itself, which no operation that lists it can make up for. */
    static boolean reports(StepDeclaration step, ParameterDeclaration parameter) {
        return step.action().filter(ActionType::source).isPresent() && isService(parameter);
    }

    private static boolean isService(ParameterDeclaration parameter) {
        return !Wiring.isAlwaysThere(parameter.type().declared())
                && parameter.type().shape() instanceof Shape.Refused refused
                && refused.refusal().isOfService();
    }

    private static void checkParameters(ActionDeclaration action, Report report) {
        action.step().parameters().stream()
                .filter(ActionValidator::isService)
                .forEach(parameter -> report.error(
                        "UnknownParameter",
                        action.step().place(),
                        action.step().method() + " takes \"" + parameter.name() + "\", which is "
                                + ValueRule.withArticle(parameter.type().text())
                                + " and hence neither a param nor an output of any operation.",
                        WiringRule.servicesBelongTo(action.type().simpleName())));
    }

    private static void checkSignature(ActionDeclaration action, Report report) {
        for (String type : action.hiddenTypes()) {
            report.error(
                    "PrivateType",
                    action.step().place(),
                    action.step().method() + " takes or returns " + type + ", but generated code cannot name it.",
                    "Make it and the classes around it at least package-private.");
        }
    }

    private static void checkClass(ActionDeclaration action, Report report) {
        ClassDeclaration type = action.type();
        if (type.accessibility() == Accessibility.NOWHERE) {
            invalidClass(
                    type,
                    report,
                    "is private or inside a private class, so generated code cannot name it. Make it package-private.");
        } else if (type.inner()) {
            invalidClass(type, report, "needs an object of the class around it. Make it static.");
        }
        if (type.generic()) {
            invalidClass(type, report, "has type parameters, but an action type is one class. Remove them.");
        }
    }

    private static void invalidClass(ClassDeclaration type, Report report, String problem) {
        report.error("InvalidActionType", type.place(), type.simpleName() + " " + problem);
    }
}
