package dev.backops.processor;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the operation lists: action types, or the order of its step methods, and not both. */
final class ListingRule implements OperationValidator.Rule {

    /** Mistakes behind which steps may be missing, or in a wrong place. */
    private static final Set<String> BREAKING = Set.of(
            "MixedSteps",
            "NotAnAction",
            "RepeatedAction",
            "RepeatedStep",
            "UnknownStep",
            "UnlistedStep",
            "UnprocessedAction");

    /** Whether no mistake found so far leaves open which steps there are, in which order. */
    static boolean isSound(Report report) {
        return !report.hasError(BREAKING);
    }

    @Override
    public void check(OperationDeclaration operation, Report report) {
        if (operation.listsActions()) {
            checkNotMixed(operation, report);
            checkBranches(operation, report);
            operation.listedItems().forEach(item -> checkItem(item, report));
        } else {
            operation.order().ifPresent(order -> checkOrder(operation, order, report));
        }
    }

    private static void checkNotMixed(OperationDeclaration operation, Report report) {
        operation.steps().stream()
                .filter(step -> step.action().isEmpty())
                .findFirst()
                .ifPresent(step -> mixed(
                        step.place(),
                        report,
                        step.method() + " is a step method, but " + operation.simpleName() + " lists action types.",
                        "Move " + step.method() + " into a class of its own and list that, or list no action types."));
        if (operation.order().isPresent()) {
            mixed(
                    operation.annotation().place("steps"),
                    report,
                    "steps is the order of step methods, but " + operation.simpleName() + " lists action types.",
                    "Remove it: action types run in the order in which they are listed.");
        }
        for (ActionList list : operation.lists()) {
            list.mixed()
                    .ifPresent(place -> mixed(
                            place,
                            report,
                            "actions and uses are two lists, so that nothing says in which order their steps run.",
                            "Put all into uses; an action type without own settings is @Use(ChargeCreditCard.class)."));
        }
    }

    private static void mixed(Place place, Report report, String... lines) {
        report.error("MixedSteps", place, lines);
    }

    private static void checkBranches(OperationDeclaration operation, Report report) {
        Set<String> names = new HashSet<>();
        for (ActionList list : operation.lists()) {
            String name = list.branch().text();
            boolean isBranch = list.branch().place().value() != null;
            if (isBranch && name.equals(FlowStep.MAIN)) {
                invalidBranch(
                        list,
                        report,
                        "\"main\" is the branch of the operation's own list.",
                        "List these in its actions or uses, or pick another name.");
            } else if (!names.add(name)) {
                invalidBranch(list, report, "Branch \"" + name + "\" is listed twice.", "Put its steps into one list.");
            } else if (list.items().isEmpty() && isBranch) {
                invalidBranch(
                        list, report, "Branch \"" + name + "\" has no steps.", "List action types, or remove it.");
            }
        }
    }

    private static void invalidBranch(ActionList list, Report report, String... lines) {
        report.error("InvalidBranch", list.branch().place(), lines);
    }

    private static void checkItem(ActionList.Item item, Report report) {
        if (item instanceof ActionList.Item.Unfit unfit) {
            report.error(
                    "NotAnAction",
                    unfit.place(),
                    unfit.simpleName() + " is no action type: it " + unfit.reason(),
                    unfit.advice());
        } else if (item instanceof ActionList.Item.Unprocessed unprocessed) {
            report.error(
                    "UnprocessedAction",
                    unprocessed.place(),
                    unprocessed.simpleName() + " was compiled without the BackOps processor, so that the names of its"
                            + " parameters are unknown.",
                    "Compile it with the processor, which generates " + unprocessed.simpleName() + "Action beside it.");
        }
    }

    private static void checkOrder(OperationDeclaration operation, List<Written> order, Report report) {
        Set<String> unlisted = new LinkedHashSet<>(
                operation.steps().stream().map(StepDeclaration::name).toList());
        Set<String> names = Set.copyOf(unlisted);
        order.forEach(name -> unlisted.remove(name.text()));
        Set<String> listed = new HashSet<>();
        for (Written name : order) {
            if (!names.contains(name.text())) {
                String nearest = reportUnknown(operation, name, unlisted, report);
                unlisted.remove(nearest);
            } else if (!listed.add(name.text())) {
                report.error(
                        "RepeatedStep",
                        name.place(),
                        "\"" + name.text() + "\" stands in steps twice, but a step has one place in the order.",
                        "Remove one; to run it again, jump back to it.");
            }
        }
        operation.steps().stream()
                .filter(step -> unlisted.remove(step.name()))
                .forEach(step -> report.error(
                        "UnlistedStep",
                        step.annotation().place(),
                        step.method() + " is a step, but missing in steps of " + operation.simpleName()
                                + ", so that nothing says when it runs.",
                        "Add \"" + step.name() + "\" where it belongs in @Operation(steps = …)."));
    }

    /** Returns the step that was meant, which is then not missing; the name itself if none was. */
    private static String reportUnknown(
            OperationDeclaration operation, Written name, Set<String> unlisted, Report report) {
        Optional<StepDeclaration> method = operation.steps().stream()
                .filter(step -> step.method().equals(name.text()))
                .findFirst();
        Optional<String> meant = method.map(StepDeclaration::name).or(() -> NearestName.of(name.text(), unlisted));
        report.error(
                "UnknownStep",
                name.place(),
                operation.simpleName() + " has no step \"" + name.text() + "\"."
                        + (method.isPresent()
                                ? " The method " + name.text() + " is stored as \"" + meant.orElseThrow() + "\"."
                                : meant.map(nearest -> " Did you mean \"" + nearest + "\"?")
                                        .orElse(" Remove it, or annotate the method with @Step.")));
        return meant.orElse(name.text());
    }
}
