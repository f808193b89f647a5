package dev.backops.processor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The enums that say where steps jump: one constant per target, and one target per constant. */
final class JumpRule implements OperationValidator.Rule {

    @Override
    public void check(OperationDeclaration operation, Report report) {
        BranchRule.Names names = BranchRule.Names.of(operation);
        for (StepDeclaration step : operation.steps()) {
            if (step.flow().jumpsTo().isEmpty()) {
                checkNoJump(step, report);
            } else {
                checkJumps(step, names, report);
            }
        }
    }

    /** Whether what a step returns says where it jumps, if it jumps at all. */
    static void checkJumps(StepDeclaration step, BranchRule.Names names, Report report) {
        if (step.async() || step.flow().jumpsTo().isEmpty()) {
            return;
        }
        boolean distinct = areTargetsDistinct(step, report);
        Optional<JumpDeclaration> jump = checkResult(step, report);
        if (distinct && jump.isPresent()) {
            checkConstants(step, jump.get().constants(), names, report);
        }
        if (jump.isPresent() && step.alwaysJumps()) {
            checkNoThen(step, report);
        }
    }

    private static void checkNoJump(StepDeclaration step, Report report) {
        step.result()
                .flatMap(ResultDeclaration::record)
                .filter(record -> !record.jumps().isEmpty())
                .ifPresent(record -> report.error(
                        "InvalidJumpResult",
                        step.annotation().place(),
                        "Component \"" + record.jumps().get(0).name() + "\" of " + record.simpleName()
                                + " is marked @Jump, but " + step.method() + " jumps nowhere.",
                        "Name the steps and branches in jumpsTo, or remove @Jump."));
    }

    private static boolean areTargetsDistinct(StepDeclaration step, Report report) {
        Map<String, String> seen = new HashMap<>();
        boolean distinct = true;
        for (Written target : step.flow().jumpsTo()) {
            String name = target.text();
            String earlier = seen.putIfAbsent(JumpNames.normalized(name), name);
            if (earlier != null) {
                distinct = false;
                report.error(
                        "AmbiguousJump",
                        target.place(),
                        earlier.equals(name)
                                ? "\"" + name + "\" stands in jumpsTo twice. Remove one."
                                : "\"" + name + "\" and \"" + earlier
                                        + "\" are one name to the constants of an enum. Rename one of them.");
            }
        }
        return distinct;
    }

    /** With what the step says where it jumps, if generated code can read it. */
    private static Optional<JumpDeclaration> checkResult(StepDeclaration step, Report report) {
        Optional<ResultDeclaration.RecordType> record = step.outputRecord();
        Optional<JumpDeclaration> jump = step.jump();
        if (jump.isEmpty()) {
            String problem = record.isPresent()
                    ? problemOf(step, record.get())
                    : step.method() + " returns "
                            + step.result().map(result -> result.type().text()).orElse("nothing")
                            + ", but a step that jumps returns an enum with a constant per target.";
            report.error(
                    "InvalidJumpResult",
                    step.annotation().place("jumpsTo"),
                    problem,
                    "For example: enum " + JavaNames.capitalized(step.method()) + "To { "
                            + step.flow().jumps().stream()
                                    .map(JumpNames::constant)
                                    .collect(Collectors.joining(", "))
                            + " }");
            return Optional.empty();
        }
        EnumDeclaration constants = jump.get().constants();
        if (!constants.accessible()) {
            report.error(
                    "PrivateType",
                    step.annotation().place("jumpsTo"),
                    step.method() + " jumps by " + constants.type().simpleName()
                            + ", but generated code cannot name it.",
                    "Make it and the classes around it at least package-private.");
        }
        return jump;
    }

    private static String problemOf(StepDeclaration step, ResultDeclaration.RecordType record) {
        List<String> marked =
                record.jumps().stream().map(ResultDeclaration.Component::name).toList();
        if (marked.isEmpty()) {
            return step.method() + " returns " + record.simpleName()
                    + ", of which no component is marked @Jump as the enum with a constant per target.";
        }
        return marked.size() > 1
                ? "Components " + String.join(" and ", marked) + " of " + record.simpleName()
                        + " are marked @Jump, but only one can say where " + step.method() + " goes."
                : "Component \"" + marked.get(0) + "\" of " + record.simpleName() + " is "
                        + record.jumps().get(0).type().text()
                        + ", but @Jump marks an enum with a constant per target.";
    }

    private static void checkConstants(
            StepDeclaration step, EnumDeclaration type, BranchRule.Names names, Report report) {
        List<String> constants = distinctConstants(step, type, report);
        List<Written> targets = new ArrayList<>(step.flow().jumpsTo());
        List<String> unmatched = new ArrayList<>();
        for (String constant : constants) {
            if (!targets.removeIf(target -> JumpNames.areAlike(constant, target.text()))) {
                unmatched.add(constant);
            }
        }
        for (Written target : targets) {
            reportTarget(type, target, unmatched, names, report);
        }
        for (String constant : unmatched) {
            reportConstant(step, type, constant, names, report);
        }
    }

    private static List<String> distinctConstants(StepDeclaration step, EnumDeclaration type, Report report) {
        Map<String, String> seen = new HashMap<>();
        List<String> distinct = new ArrayList<>();
        for (String constant : type.constants()) {
            String earlier = seen.putIfAbsent(JumpNames.normalized(constant), constant);
            if (earlier == null) {
                distinct.add(constant);
            } else {
                report.error(
                        "AmbiguousJump",
                        step.annotation().place("jumpsTo"),
                        "Constants " + earlier + " and " + constant + " of "
                                + type.type().simpleName()
                                + " are one name, upper or lower case and \"_\" aside. Remove one.");
            }
        }
        return distinct;
    }

    /**
     * A target without a constant. Where a constant without a target is spelt similarly, both are one mistake, and the
     * constant is none any more; as is one that names what is missing in {@code jumpsTo} beside a name that is wrong.
     */
    private static void reportTarget(
            EnumDeclaration type, Written target, List<String> constants, BranchRule.Names names, Report report) {
        String wanted = JumpNames.constant(target.text());
        Optional<String> nearest = NearestName.of(wanted, constants);
        boolean isKnown = names.targets().contains(target.text());
        nearest.or(() -> constants.stream()
                        .filter(constant -> !isKnown && names.isTarget(constant))
                        .findFirst())
                .ifPresent(constants::remove);
        if (!isKnown) {
            // That it does not exist has been reported.
            return;
        }
        report.error(
                "UnmatchedJump",
                target.place(),
                type.type().simpleName() + " has no constant " + wanted + " for \"" + target.text() + "\"."
                        + nearest.map(name -> " Is " + name + " meant? Rename it.")
                                .orElse(" Add it, or remove the jump."));
    }

    private static void reportConstant(
            StepDeclaration step, EnumDeclaration type, String constant, BranchRule.Names names, Report report) {
        Optional<String> known = names.targets().stream()
                .filter(target -> JumpNames.areAlike(constant, target))
                .findFirst();
        report.error(
                "UnmatchedJump",
                step.annotation().place("jumpsTo"),
                "Constant " + constant + " of " + type.type().simpleName() + " stands for no target of "
                        + step.method() + ". "
                        + known.map(target -> "Add \"" + target + "\" to jumpsTo, or remove the constant.")
                                .orElse("Remove it, or add what it stands for to jumpsTo."));
    }

    private static void checkNoThen(StepDeclaration step, Report report) {
        step.flow()
                .then()
                .ifPresent(then -> report.error(
                        "UselessThen",
                        then.place(),
                        step.method() + " always jumps, so that it never goes on with \"" + then.text() + "\".",
                        "Remove then; or make what it returns @Nullable or Optional, to go on without a jump."));
    }
}
