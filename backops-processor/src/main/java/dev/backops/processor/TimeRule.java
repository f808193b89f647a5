package dev.backops.processor;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** When steps run, and for how long: that delays and timeouts are durations, and that what says when is a time. */
final class TimeRule implements OperationValidator.Rule {

    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(1);

    private static final Set<String> TIMES =
            Set.of("java.time.Instant", "java.time.OffsetDateTime", "java.time.ZonedDateTime");

    @Override
    public void check(OperationDeclaration operation, Report report) {
        Wiring wiring = new Wiring(operation);
        operation.timeout().ifPresent(timeout -> checkTimeout(timeout, report));
        for (StepDeclaration step : operation.steps()) {
            checkTimes(step, report);
            step.flow().at().ifPresent(at -> checkTime(operation, step, at, wiring, report));
        }
    }

    /** What can be told about the times of a step without the rest of the operation. */
    static void checkTimes(StepDeclaration step, Report report) {
        FlowDeclaration flow = step.flow();
        flow.delay().ifPresent(delay -> checkDelay(delay, report));
        if (flow.delay().isPresent() && flow.at().isPresent()) {
            report.error(
                    "DelayAndAt",
                    flow.at().get().place(),
                    step.method() + " has a delay and a time at which it runs. Remove one.");
        }
        step.timeout().ifPresent(timeout -> checkTimeout(timeout, report));
    }

    private static void checkDelay(Written delay, Report report) {
        List<String> problems = Durations.problemsOf("delay", delay.text());
        if (!problems.isEmpty()) {
            report.error("InvalidDelay", delay.place(), problems.toArray(String[]::new));
        }
    }

    private static void checkTimeout(Written timeout, Report report) {
        List<String> problems = Durations.problemsOf("timeout", timeout.text());
        if (problems.isEmpty() && Duration.parse(timeout.text()).compareTo(SHORTEST_TIMEOUT) < 0) {
            problems = List.of("timeout must be at least a millisecond, but is " + timeout.text() + ".");
        }
        if (!problems.isEmpty()) {
            report.error("InvalidTimeout", timeout.place(), problems.toArray(String[]::new));
        }
    }

    private static void checkTime(
            OperationDeclaration operation, StepDeclaration step, Written at, Wiring wiring, Report report) {
        Binding binding = wiring.bind(step, at.text(), /* takesMissing= */ false);
        if (binding instanceof Binding.Read read) {
            checkType(step, at, read, report);
        } else if (binding instanceof Binding.Unset unset
                && (FlowRule.isWhole(report) || unset.parting().isPresent())) {
            reportUnset(operation, step, at, unset, report);
        } else if (binding instanceof Binding.Unknown) {
            reportUnknown(operation, step, at, wiring, report);
        }
    }

    private static void checkType(StepDeclaration step, Written at, Binding.Read read, Report report) {
        TypeUse type = read.value().type();
        if (type.isSimple() && !isTime(type)) {
            report.error(
                    "NotATime",
                    at.place(),
                    step.method() + " runs at \"" + at.text() + "\", but " + read.source() + " is " + type.text() + ".",
                    "It must be an Instant, an OffsetDateTime or a ZonedDateTime.");
        }
    }

    private static boolean isTime(TypeUse type) {
        return TIMES.contains(type.value().toString());
    }

    private static void reportUnset(
            OperationDeclaration operation, StepDeclaration step, Written at, Binding.Unset unset, Report report) {
        StepDeclaration setter = unset.setters().get(0);
        String when = unset.parting()
                .map(edge -> "is not set when "
                        + new FlowText(operation)
                                .parting(edge, operation.steps().indexOf(step), at.text()) + ".")
                .orElse(setter.method() + " sets, but not before it.");
        report.error(
                "UnsetOutput",
                at.place(),
                step.method() + " runs at \"" + at.text() + "\", which " + when,
                unset.parting().isPresent()
                        ? "Set it on every path, or let " + setter.method()
                                + " return it as @Nullable: without a time, a step runs at once."
                        : "Set it before " + step.method() + ".");
    }

    private static void reportUnknown(
            OperationDeclaration operation, StepDeclaration step, Written at, Wiring wiring, Report report) {
        List<String> times = wiring.known(step).stream()
                .filter(name -> wiring.bind(step, name, /* takesMissing= */ true) instanceof Binding.Read read
                        && isTime(read.value().type()))
                .toList();
        report.error(
                "UnknownTime",
                at.place(),
                step.method() + " runs at \"" + at.text() + "\", which is neither a param nor an output."
                        + NearestName.of(at.text(), times)
                                .map(name -> " Did you mean \"" + name + "\"?")
                                .orElse(""),
                times.isEmpty()
                        ? "No param of " + operation.simpleName() + " and no earlier output is a time."
                        : "Times known here: " + String.join(", ", times));
    }
}
