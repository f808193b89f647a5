package dev.backops.processor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares an operation without mistakes with what is stored of it.
 *
 * <p>The runtime lets an operation finish by the order of steps that it was enqueued with, each step by the code of today. So
 * every stored step must still be there, and find what it takes today: the stored params, their defaults, and what the steps
 * before it set, which may have run yesterday or may run by the code of today. What counts for new operations alone, such as
 * another order of steps, is free.
 */
final class LockRule {

    static final String ACCEPT =
            "Once nothing stored needs it, accept that by compiling with -Abackops.lock.mode=accept.";

    private final OperationLock lock;
    private final OperationDeclaration operation;
    private final Report report;

    /** The steps of today by their stored names. */
    private final Map<String, StepDeclaration> steps = new LinkedHashMap<>();

    private LockRule(OperationLock lock, OperationDeclaration operation, Report report) {
        this.lock = lock;
        this.operation = operation;
        this.report = report;
    }

    static void check(OperationLock lock, OperationDeclaration operation, Report report) {
        LockRule rule = new LockRule(lock, operation, report);
        rule.checkName();
        rule.checkParams();
        rule.checkOutputs();
        rule.checkSteps();
    }

    private void checkName() {
        checkFormerNames(
                lock.formerNames(),
                names(operation.name().orElseThrow(), operation.formerly()),
                operation.annotation().place("formerly"),
                operation.name().orElseThrow());
    }

    private void checkParams() {
        Map<String, OperationLock.Value> stored = new HashMap<>();
        for (OperationLock.Value param : lock.params()) {
            find(param.name(), operation.paramValues()).ifPresent(today -> stored.put(today.name(), param));
        }
        List<OperationLock.Value> lost = new ArrayList<>(lock.params());
        lost.removeAll(stored.values());
        for (ValueDeclaration param : operation.paramValues()) {
            OperationLock.Value before = stored.get(param.name());
            if (before == null) {
                checkNewParam(param, lost);
            } else {
                checkFormerNames(lock.formerNames("param", before.name()), names(param), param.place(), param.name());
                checkType(before, param, "param");
                if ((before.nullable() || lock.hasDefault(before)) && isRequired(param)) {
                    addedParam(
                            param,
                            "Param \"" + param.name()
                                    + "\" must be there now, but stored operations may be without it.",
                            "Give it a value for those with @Default(\"…\"), or make it @Nullable.");
                }
            }
        }
    }

    /** What is new while another one of such a type is gone was probably renamed. */
    private void checkNewParam(ValueDeclaration param, List<OperationLock.Value> lost) {
        Optional<OperationLock.Value> renamed =
                lost.stream().filter(value -> typeOf(param).reads(value.type())).findFirst();
        if (renamed.isPresent()) {
            String name = renamed.get().name();
            lost.remove(renamed.get());
            addedParam(
                    param,
                    "Param \"" + param.name() + "\" is new and \"" + name
                            + "\" is gone: stored operations have only that.",
                    "If it was renamed, say @Formerly(\"" + name + "\").");
        } else if (isRequired(param)) {
            addedParam(
                    param,
                    "Param \"" + param.name() + "\" is new, so stored operations are without it.",
                    "Give it a value for those with @Default(\"…\"), or make it @Nullable.");
        }
    }

    private void addedParam(ValueDeclaration param, String... lines) {
        report.error("AddedParam", param.place(), lines[0], lines[1], ACCEPT);
    }

    private static boolean isRequired(ValueDeclaration param) {
        return !param.type().nullness().mayBeMissing() && param.marks().orElse().isEmpty();
    }

    private void checkOutputs() {
        List<OperationLock.Value> stored = lock.steps().stream()
                .flatMap(step -> lock.outputs(step).stream())
                .toList();
        Set<String> checked = new HashSet<>();
        for (OperationLock.Value output : stored) {
            Optional<ValueDeclaration> today = find(output.name(), operation.outputValues());
            if (today.isPresent() && checked.add(output.name())) {
                List<String> names = operation.outputValues().stream()
                        .filter(value -> value.name().equals(today.get().name()))
                        .flatMap(value -> names(value).stream())
                        .toList();
                checkFormerNames(
                        lock.formerNames("output", output.name()),
                        names,
                        today.get().place(),
                        today.get().name());
                checkType(output, today.get(), "output");
            }
        }
    }

    private void checkType(OperationLock.Value stored, ValueDeclaration today, String kind) {
        StoredType type = typeOf(today);
        if (!type.reads(stored.type())) {
            report.error(
                    "ChangedType",
                    today.place(),
                    "Stored operations may have the " + kind + " \"" + stored.name() + "\" as "
                            + stored.type().text() + ", which cannot be read as " + type.text() + ".",
                    "Keep the type, or add " + (kind.equals("param") ? "a nullable param" : "an output")
                            + " of another name.",
                    ACCEPT);
        }
    }

    private void checkSteps() {
        Set<String> free = operation.steps().stream().map(StepDeclaration::name).collect(Collectors.toSet());
        free.removeAll(lock.steps());
        for (String stored : lock.steps()) {
            operation.steps().stream()
                    .filter(step ->
                            step.name().equals(stored) || (names(step).contains(stored) && free.remove(step.name())))
                    .findFirst()
                    .ifPresent(step -> steps.put(stored, step));
        }
        List<String> lost =
                lock.steps().stream().filter(name -> !steps.containsKey(name)).toList();
        for (String name : lost) {
            String heir = free.size() == 1
                    ? free.iterator().next()
                    : NearestName.of(name, free).orElse("another step");
            report.error(
                    "LostStep",
                    Place.of(operation.element()),
                    "Stored operations may have the step \"" + name + "\" before them, which " + operation.simpleName()
                            + " does not have.",
                    "If " + heir + " takes its place, say formerly = \"" + name
                            + "\" there; if not, keep it until they are done.",
                    ACCEPT);
        }
        steps.forEach((stored, step) ->
                checkFormerNames(lock.formerNames("step", stored), names(step), step.place(), step.name()));
        checkBranches();
        if (lost.isEmpty()) {
            checkFlow();
        }
    }

    private void checkBranches() {
        Set<String> checked = new HashSet<>();
        for (StepDeclaration step : operation.steps()) {
            String branch = step.flow().branch().text();
            List<Written> former = operation.steps().stream()
                    .filter(other -> other.flow().branch().text().equals(branch))
                    .flatMap(other -> other.formerly().branches().stream())
                    .toList();
            if (checked.add(branch)) {
                checkFormerNames(
                        lock.formerNames("branch", branch),
                        names(branch, former),
                        step.flow().branch().place(),
                        branch);
            }
        }
    }

    /** The stored order of steps, with what they take, set and jump to today. */
    private void checkFlow() {
        FlowGraph flow = FlowGraph.of(steps.entrySet().stream()
                .map(entry -> flowStep(entry.getKey(), entry.getValue().flowStep()))
                .toList());
        Wiring wiring = new Wiring(operation);
        List<StepDeclaration> inOrder = List.copyOf(steps.values());
        for (int i = 0; i < inOrder.size(); i++) {
            StepDeclaration step = inOrder.get(i);
            for (String output : reads(step, wiring)) {
                if (!OutputFlow.of(flow, output).isSetAt(i)) {
                    report.error(
                            "UnstoredOutput",
                            step.place(),
                            step.method() + " takes \"" + output
                                    + "\", which nothing sets on the way of operations that are" + " stored already.",
                            "Take it as @Nullable or Optional; if it had another name, say so with outputFormerly.",
                            ACCEPT);
                }
            }
            for (Written jump : step.flow().jumpsTo()) {
                if (!jump.text().equals(FlowStep.END)
                        && flow.resolve(jump.text()).isEmpty()) {
                    report.error(
                            "UnstoredJump",
                            jump.place(),
                            step.method() + " jumps to \"" + jump.text()
                                    + "\", which operations that are stored already do" + " not have: they fail there.",
                            "If it had another name, say so with formerly or branchFormerly.",
                            ACCEPT);
                }
            }
        }
    }

    private FlowStep flowStep(String stored, FlowStep today) {
        Set<String> sets = new HashSet<>();
        Set<String> maySet = new HashSet<>(today.maySet());
        maySet.addAll(today.sets());
        for (OperationLock.Value output : lock.outputs(stored)) {
            String name = find(output.name(), operation.outputValues())
                    .map(ValueDeclaration::name)
                    .orElse(output.name());
            maySet.add(name);
            if (!output.nullable() && today.sets().contains(name)) {
                sets.add(name);
            }
        }
        maySet.removeAll(sets);
        return new FlowStep(
                today.name(),
                branch(lock.branch(stored)),
                sets,
                maySet,
                Stream.concat(
                                today.jumps().stream(),
                                lock.jumps(stored).stream().map(this::place))
                        .distinct()
                        .toList(),
                lock.alwaysJumps(stored) && today.alwaysJumps(),
                lock.then(stored).map(this::place),
                lock.onFailure(stored).map(this::branch),
                /* waits= */ false);
    }

    /** The outputs that must be set for a step. */
    private List<String> reads(StepDeclaration step, Wiring wiring) {
        List<String> params =
                operation.paramValues().stream().map(ValueDeclaration::name).toList();
        return step.parameters().stream()
                .filter(parameter -> !parameter.type().nullness().mayBeMissing())
                .map(parameter -> wiring.bind(step, parameter))
                .filter(Binding.Read.class::isInstance)
                .map(binding -> ((Binding.Read) binding).value().name())
                .filter(name -> !params.contains(name))
                .distinct()
                .toList();
    }

    /** What a stored place to go on with is called today. */
    private String place(String stored) {
        StepDeclaration step = steps.get(stored);
        return step == null ? branch(stored) : step.name();
    }

    private String branch(String stored) {
        return operation.steps().stream()
                .filter(step -> step.formerly().branches().stream()
                        .anyMatch(former -> former.text().equals(stored)))
                .map(step -> step.flow().branch().text())
                .findFirst()
                .orElse(stored);
    }

    /** What a stored param or output is called today. */
    private Optional<ValueDeclaration> find(String stored, List<ValueDeclaration> values) {
        return values.stream()
                .filter(value -> value.name().equals(stored))
                .findFirst()
                .or(() -> values.stream()
                        .filter(value -> names(value).contains(stored) && !isStored(value.name()))
                        .findFirst());
    }

    private boolean isStored(String value) {
        return Stream.concat(lock.params().stream(), lock.steps().stream().flatMap(step -> lock.outputs(step).stream()))
                .anyMatch(stored -> stored.name().equals(value));
    }

    /** What the lock knows as a former name must still be one: older operations may be stored under it. */
    private void checkFormerNames(Collection<String> stored, Collection<String> today, Place place, String name) {
        for (String former : stored) {
            if (!today.contains(former)) {
                report.error(
                        "LostFormerName",
                        place,
                        "Operations may be stored with \"" + former + "\", which \"" + name + "\" was called before.",
                        "Keep \"" + former + "\" among its former names until they are done.",
                        ACCEPT);
            }
        }
    }

    private static List<String> names(ValueDeclaration value) {
        return names(value.name(), value.marks().formerly());
    }

    private static List<String> names(StepDeclaration step) {
        return names(step.name(), step.formerly().names());
    }

    private static List<String> names(String name, List<Written> former) {
        return Stream.concat(Stream.of(name), former.stream().map(Written::text))
                .toList();
    }

    private static StoredType typeOf(ValueDeclaration value) {
        return StoredType.of(value.type().kind().orElseThrow());
    }
}
