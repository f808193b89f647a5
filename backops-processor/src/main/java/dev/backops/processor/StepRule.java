package dev.backops.processor;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Modifier;

/** The step methods: that generated code can call them, and that their stored names are unique. */
final class StepRule implements OperationValidator.Rule {

    private static final Set<String> RESERVED = Set.of("main", "end");

    @Override
    public void check(OperationDeclaration operation, Report report) {
        for (InheritedStep inherited : operation.inheritedSteps()) {
            report.error(
                    "InheritedStep",
                    Place.of(operation.element()),
                    operation.simpleName() + " inherits " + inherited.method() + " from " + inherited.simpleClassName()
                            + ", but an operation runs only the steps that it declares itself.",
                    "Override it in " + operation.simpleName() + ", annotated with @Step, or move it there.");
        }
        Set<String> methods = new HashSet<>();
        Map<String, StepDeclaration> names = new HashMap<>();
        for (StepDeclaration step : operation.steps()) {
            checkMethod(step, report);
            boolean overloaded = step.action().isEmpty() && !methods.add(step.method());
            if (step.action().isEmpty()) {
                checkFinal(operation.type(), step, report);
            }
            if (overloaded) {
                error(
                        "OverloadedStep",
                        step,
                        report,
                        step.method()
                                + " is the name of an earlier step method too. Name each step method differently.");
            }
            if (isNameFree(step, report)) {
                StepDeclaration first = names.putIfAbsent(step.name(), step);
                if (first != null && !overloaded) {
                    reportDuplicate(step, first, report);
                }
            }
        }
    }

    private static void reportDuplicate(StepDeclaration step, StepDeclaration first, Report report) {
        if (step.action().isPresent() && step.action().equals(first.action())) {
            String type = step.action().get().type().simpleName();
            report.error(
                    "RepeatedAction",
                    step.namePlace(),
                    type + " is listed as \"" + step.name()
                            + "\" already. Stored operations find steps by name, so each use has one of its own.",
                    "List it in uses, for example: @Use(value = " + type + ".class, name = \"" + step.name()
                            + "Again\")");
        } else {
            report.error(
                    "DuplicateStep",
                    step.namePlace(),
                    "\"" + step.name()
                            + "\" already names a step. Stored operations find steps by name; pick another.");
        }
    }

    /** What a step is by itself, whatever else there is. */
    static void checkStep(StepDeclaration step, Report report) {
        checkMethod(step, report);
        isNameFree(step, report);
    }

    private static void checkMethod(StepDeclaration step, Report report) {
        String method = step.method();
        if (step.modifiers().contains(Modifier.PRIVATE)) {
            error(
                    "PrivateStep",
                    step,
                    report,
                    method + " is private, so generated code cannot call it. Make it package-private.");
        }
        if (step.modifiers().contains(Modifier.STATIC)) {
            error("StaticStep", step, report, method + " is static, but a step belongs to an object. Remove static.");
        }
        if (step.modifiers().contains(Modifier.ABSTRACT)) {
            error("AbstractStep", step, report, method + " is abstract, but a step must have a body.");
        }
        if (step.generic()) {
            error("GenericStep", step, report, method + " has type parameters, but values must be of known types.");
        }
        if (step.throwsOther()) {
            error(
                    "ThrowsThrowable",
                    step,
                    report,
                    method + " declares a Throwable. A step may only throw exceptions and errors: declare Exception.");
        }
        checkOneTransaction(step, report);
        if (step.async()) {
            error(
                    "AsyncStep",
                    step,
                    report,
                    method + " returns " + step.result().orElseThrow().type().text()
                            + ", but a step is recorded as done when it returns.",
                    "Wait for the result inside the step.");
        }
    }

    private static void checkOneTransaction(StepDeclaration step, Report report) {
        long transactions = step.parameters().stream()
                .map(parameter -> parameter.type().declared())
                .filter(type -> type.equals(TypeNames.HANDLE) || type.equals(TypeNames.CONNECTION))
                .count();
        if (transactions > 1) {
            error(
                    "TwoTransactions",
                    step,
                    report,
                    step.method() + " takes its transaction " + (transactions == 2 ? "twice" : transactions + " times")
                            + ", but there is only one.",
                    "Take one Handle or one Connection; handle.getConnection() leads from one to the other.");
        }
    }

    static void checkFinal(ClassDeclaration type, StepDeclaration step, Report report) {
        if (type.proxyAnnotation().isPresent() && step.modifiers().contains(Modifier.FINAL)) {
            report.warning(
                    "FinalStep",
                    step.place(),
                    step.method() + " is final, so the proxy that "
                            + type.proxyAnnotation().get() + " puts around " + type.simpleName()
                            + " cannot hand it on: it would run on the proxy, whose fields are"
                            + " empty.",
                    "Remove final.");
        }
    }

    private static boolean isNameFree(StepDeclaration step, Report report) {
        String name = step.name();
        if (RESERVED.contains(name)) {
            report.error(
                    "ReservedName",
                    step.namePlace(),
                    "\"" + name + "\" is reserved and cannot name a step. Pick another name.");
            return false;
        }
        if (!JavaNames.isIdentifier(name)) {
            report.error(
                    "ReservedName",
                    step.namePlace(),
                    "\"" + name + "\" cannot name a step: it must be a Java identifier, like \"chargeCreditCard\".");
            return false;
        }
        return true;
    }

    private static void error(String id, StepDeclaration step, Report report, String... lines) {
        report.error(id, step.place(), lines);
    }
}
