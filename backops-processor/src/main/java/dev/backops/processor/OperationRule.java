package dev.backops.processor;

import java.util.regex.Pattern;
import javax.lang.model.element.ElementKind;

/** The class itself: its kind, its name, that it has steps and keeps no state. */
final class OperationRule implements OperationValidator.Rule {

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,199}");

    static boolean isClass(OperationDeclaration operation) {
        return operation.type().kind() == ElementKind.CLASS
                || (operation.type().kind() == ElementKind.INTERFACE && operation.listsActions());
    }

    /** Whether an operation or a queue can be stored under a name. */
    static boolean isStoredName(String name) {
        return NAME.matcher(name).matches();
    }

    static void reportKind(OperationDeclaration operation, Report report) {
        invalidClass(
                operation,
                report,
                "is " + kindText(operation.type().kind()) + ", but an operation is a class. Make it a class"
                        + (operation.type().kind() == ElementKind.INTERFACE ? ", or list action types." : "."));
    }

    static String kindText(ElementKind kind) {
        return switch (kind) {
            case ENUM -> "an enum";
            case RECORD -> "a record";
            case ANNOTATION_TYPE -> "an annotation";
            default -> "an interface";
        };
    }

    @Override
    public void check(OperationDeclaration operation, Report report) {
        checkClass(operation, report);
        checkName(operation, report);
        if (operation.steps().isEmpty() && operation.listedItems().findAny().isEmpty()) {
            report.error(
                    "NoSteps",
                    operation.annotation().place(),
                    operation.simpleName() + " has no steps.",
                    operation.listsActions()
                            ? "List action types as its steps: actions = {ChargeCreditCard.class, SendReceipt.class}"
                            : "Annotate the methods that do the work with @Step; they run in source order.");
        }
        checkState(operation.type(), report);
    }

    static void checkState(ClassDeclaration type, Report report) {
        for (Place field : type.mutableFields()) {
            report.warning(
                    "MutableState",
                    field,
                    field.element().getSimpleName() + " can change, but one " + type.simpleName()
                            + " serves all operations and threads at once.",
                    "Make it final, and hand values on to later steps as outputs.");
        }
    }

    private static void checkClass(OperationDeclaration operation, Report report) {
        if (operation.type().accessibility() == Accessibility.NOWHERE) {
            invalidClass(
                    operation,
                    report,
                    "is private or inside a private class, so generated code cannot name it. Make it package-private.");
        } else if (operation.type().inner()) {
            invalidClass(operation, report, "needs an object of the class around it. Make it static.");
        }
        if (operation.type().generic()) {
            invalidClass(operation, report, "has type parameters, but an operation is one class. Remove them.");
        }
    }

    private static void invalidClass(OperationDeclaration operation, Report report, String problem) {
        report.error("InvalidOperationClass", operation.type().place(), operation.simpleName() + " " + problem);
    }

    private static void checkName(OperationDeclaration operation, Report report) {
        if (operation.name().filter(name -> !isStoredName(name)).isPresent()) {
            report.error(
                    "InvalidOperationName",
                    operation.annotation().place("value"),
                    "\"" + operation.name().get() + "\" cannot name an operation.",
                    "It must have 1 to 200 characters, letters from a to z, digits, \"_\", \"-\" and \".\", and begin with a letter,"
                            + " for example \"subscriptions.fulfillment\".");
        }
    }
}
