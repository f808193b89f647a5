package dev.backops.processor;

/** What annotations say about params and outputs: defaults that are values, and indexes that can be built. */
final class MarkRule implements OperationValidator.Rule {

    @Override
    public void check(OperationDeclaration operation, Report report) {
        for (ValueDeclaration param : operation.paramValues()) {
            checkDefault(param, report);
            if (param.marks().indexed() && param.type().isCollection()) {
                report.error(
                        "InvalidIndexed",
                        param.place(),
                        "Param \"" + param.name() + "\" is " + param.type().text()
                                + ", but an index finds equal values only.",
                        "Remove @Indexed, or index a single value.");
            }
        }
        for (StepDeclaration step : operation.steps()) {
            checkStep(step, report);
        }
    }

    static void checkStep(StepDeclaration step, Report report) {
        step.outputs().forEach(output -> checkOutput(output.value(), report));
        if (step.marks().privacy() != Privacy.OPEN && step.outputs().isEmpty()) {
            report.error(
                    "InvalidSensitive",
                    step.place(),
                    step.method() + " keeps no output, so there is nothing sensitive. Remove @Sensitive.");
        }
    }

    private static void checkDefault(ValueDeclaration param, Report report) {
        String text = param.marks().orElse().orElse(null);
        Shape.Kind kind = param.type().kind().orElse(null);
        if (text == null || kind == null) {
            return;
        }
        if (param.type().nullness().mayBeMissing()) {
            report.error(
                    "InvalidDefault",
                    param.place(),
                    "Param \"" + param.name()
                            + "\" may be missing, so operations that were stored before it are without" + " it.",
                    "Remove @Default, or declare it as " + param.type().valueText() + ".");
        } else if (Defaults.read(kind, text).isEmpty()) {
            report.error(
                    "InvalidDefault",
                    param.place(),
                    "The default of \"" + param.name() + "\" is \"" + text + "\", which is not "
                            + ValueRule.withArticle(param.type().text()) + ".",
                    Defaults.advice(kind, text));
        }
    }

    private static void checkOutput(ValueDeclaration output, Report report) {
        if (output.marks().orElse().isPresent()) {
            report.error(
                    "InvalidDefault",
                    output.place(),
                    "Output \"" + output.name() + "\" has a default, but only params have one.",
                    "Remove @Default, and take the output as @Nullable or Optional where it may be unset.");
        }
        if (output.marks().indexed()) {
            report.error(
                    "InvalidIndexed",
                    output.place(),
                    "Output \"" + output.name() + "\" is indexed, but only params can be.",
                    "Remove @Indexed.");
        }
    }
}
