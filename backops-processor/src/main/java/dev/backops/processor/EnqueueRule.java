package dev.backops.processor;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an operation says about its enqueues: that its key can be made of params, and that its queue has a name. */
final class EnqueueRule implements OperationValidator.Rule {

    @Override
    public void check(OperationDeclaration operation, Report report) {
        EnqueueDeclaration enqueue = operation.enqueue();
        Set<String> names = new HashSet<>();
        for (Written param : enqueue.key()) {
            if (!names.add(param.text())) {
                invalidKey(param.place(), report, "key names \"" + param.text() + "\" twice. Remove one.");
            } else {
                checkParam(operation, param, report);
            }
        }
        if (!enqueue.key().isEmpty() && enqueue.isBySameParams()) {
            invalidKey(
                    enqueue.dedupe().orElseThrow().place(),
                    report,
                    "With SAME_PARAMS all params are the key, but key names some of them.",
                    "Remove key or dedupe.");
        }
        enqueue.queue()
                .filter(queue -> !OperationRule.isStoredName(queue.text()))
                .ifPresent(queue -> report.error(
                        "InvalidQueue",
                        queue.place(),
                        "\"" + queue.text() + "\" cannot name a queue.",
                        "It must have 1 to 200 characters, letters from a to z, digits, \"_\", \"-\" and \".\", and begin with a"
                                + " letter, for example \"billing\"."));
    }

    private static void checkParam(OperationDeclaration operation, Written param, Report report) {
        String name = param.text();
        Optional<ValueDeclaration> declared = operation.paramValues().stream()
                .filter(value -> value.name().equals(name))
                .findFirst();
        if (declared.isEmpty()) {
            if (operation.params().filter(params -> !params.isRecord()).isEmpty()) {
                reportUnknown(operation, param, report);
            }
            return;
        }
        TypeUse type = declared.get().type();
        if (type.isCollection()) {
            invalidKey(
                    param.place(),
                    report,
                    "\"" + name + "\" is " + type.text() + ", but a key is made of single values.",
                    "Leave it out, or pass the key at the call: key(...)");
        } else if (declared.get().privacy() != Privacy.OPEN) {
            invalidKey(
                    param.place(),
                    report,
                    "\"" + name + "\" is sensitive, but a key is stored and shown.",
                    "Leave it out, or take a value that stands for it.");
        } else if (type.isSimple() && type.nullness().mayBeMissing()) {
            invalidKey(
                    param.place(),
                    report,
                    "\"" + name + "\" is " + type.text() + " and may be missing, but a key is always whole.",
                    "Leave it out, or pass the key at the call: key(...)");
        }
    }

    private static void reportUnknown(OperationDeclaration operation, Written param, Report report) {
        List<String> params =
                operation.paramValues().stream().map(ValueDeclaration::name).toList();
        boolean isOutput = operation.outputValues().stream()
                .anyMatch(output -> output.name().equals(param.text()));
        invalidKey(
                param.place(),
                report,
                isOutput
                        ? "\"" + param.text() + "\" is an output, which is not known yet when an operation is enqueued."
                        : operation.simpleName() + " has no param \"" + param.text() + "\"."
                                + NearestName.of(param.text(), params)
                                        .map(nearest -> " Did you mean \"" + nearest + "\"?")
                                        .orElse(""),
                params.isEmpty()
                        ? "A key is made of components of the record Params."
                        : "Params: " + String.join(", ", params));
    }

    private static void invalidKey(Place place, Report report, String... lines) {
        report.error("InvalidKey", place, lines);
    }
}
