package dev.backops.processor;

import javax.lang.model.element.Modifier;

/** The record {@code Params}: that generated code can use it, and that its components can be stored. */
final class ParamsRule implements OperationValidator.Rule {

    @Override
    public void check(OperationDeclaration operation, Report report) {
        operation.params().ifPresent(params -> check(params, report));
        if (operation.type().accessibility() == Accessibility.EVERYWHERE) {
            operation.params().ifPresent(params -> checkVisible(operation, params, report));
        }
        if (operation.misnamedParams().isPresent() && new Wiring(operation).needsMisnamedParams()) {
            ParamsDeclaration misnamed = operation.misnamedParams().orElseThrow();
            invalid(
                    misnamed,
                    report,
                    misnamed.name().simpleName() + " has components that steps take, but only a record called Params is"
                            + " enqueued.",
                    "Call it Params.");
        }
    }

    private static void check(ParamsDeclaration params, Report report) {
        if (!params.isRecord()) {
            invalid(params, report, "Params must be a record, for example: record Params(long subscriptionId) {}");
            return;
        }
        if (params.modifiers().contains(Modifier.PRIVATE)) {
            invalid(params, report, "Params is private, so generated code cannot name it. Make it package-private.");
        }
        if (params.isGeneric()) {
            invalid(params, report, "Params has type parameters, but its values must be of known types. Remove them.");
        }
        if (params.components().isEmpty()) {
            invalid(params, report, "Params has no components. Remove it: an operation may have no params.");
        }
        for (ValueDeclaration param : params.components()) {
            ValueRule.checkName(param.name(), param.place(), "Param", report);
            if (!params.isGeneric() || !param.type().isTypeVariable()) {
                ValueRule.checkType(param, "Param", Refusal::adviceForParam, report);
            }
        }
    }

    /** Who can see the operation, can enqueue it. */
    private static void checkVisible(OperationDeclaration operation, ParamsDeclaration params, Report report) {
        if (params.isUsable() && !params.modifiers().contains(Modifier.PUBLIC)) {
            report.error(
                    "HiddenParams",
                    params.place(),
                    "Params is not public, but " + operation.simpleName()
                            + " is: code in other packages could enqueue one" + " operation, but not many.",
                    "Make it public, or " + operation.simpleName() + " package-private.");
        }
        for (ValueDeclaration param : params.components()) {
            if (param.type().isPackagePrivate()) {
                report.error(
                        "HiddenParams",
                        param.place(),
                        "Param \"" + param.name() + "\" is "
                                + ValueRule.withArticle(param.type().text())
                                + ", which is not public, but " + operation.simpleName()
                                + " is: code in other packages could not enqueue it.",
                        "Make it public, or " + operation.simpleName() + " package-private.");
            }
        }
    }

    private static void invalid(ParamsDeclaration params, Report report, String... lines) {
        report.error("InvalidParams", params.place(), lines);
    }
}
