package dev.backops.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.internal.engine.Flow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random flows, run by the rules of the runtime: no step ever finds unset what the graph takes for set, and each way that
 * the graph finds at fault is one that the runtime takes.
 */
class RandomFlowTest {

    private static final int FLOWS = 10_000;
    private static final int RUNS = 12;
    private static final int LONGEST_RUN = 40;
    private static final List<String> OUTPUTS = List.of("x", "y");

    @Test
    void graph_agreesWithTheRuntime() {
        int unset = 0;
        int shared = 0;
        int compensating = 0;
        for (int seed = 0; seed < FLOWS; seed++) {
            List<FlowStep> steps = steps(new Random(seed));
            if (problem(steps, seed).isPresent()) {
                List<FlowStep> smaller = shrunk(steps, seed);
                throw new AssertionError("Seed " + seed + ": "
                        + problem(smaller, seed).orElseThrow() + " in\n    "
                        + String.join(
                                "\n    ",
                                smaller.stream().map(FlowStep::toString).toList()));
            }
            FlowGraph graph = FlowGraph.of(steps);
            OutputFlow flow = OutputFlow.of(graph, "x");
            for (int step = 0; step < steps.size(); step++) {
                unset += graph.reaches(step) && flow.maySetAt(step) && !flow.isSetAt(step) ? 1 : 0;
                shared += flow.valuesAt(step).stream()
                                        .filter(value -> value.isSet())
                                        .count()
                                > 1
                        ? 1
                        : 0;
            }
            compensating += graph.states().stream().anyMatch(FlowGraph.State::compensating) ? 1 : 0;
        }
        // The flows are of the kinds that matter.
        assertThat(List.of(unset, shared, compensating)).allMatch(count -> count > FLOWS / 10);
    }

    /** What is wrong with the graph of these steps, if anything. */
    private static Optional<String> problem(List<FlowStep> steps, long seed) {
        FlowGraph graph = FlowGraph.of(steps);
        Flow flow = flow(steps);
        Map<String, OutputFlow> outputs = new HashMap<>();
        OUTPUTS.forEach(output -> outputs.put(output, OutputFlow.of(graph, output)));
        Random random = new Random(seed);
        for (int run = 0; run < RUNS; run++) {
            Optional<String> problem = run(steps, graph, flow, outputs, random);
            if (problem.isPresent()) {
                return problem;
            }
        }
        for (Map.Entry<String, OutputFlow> output : outputs.entrySet()) {
            for (int step = 0; step < steps.size(); step++) {
                for (OutputFlow.Value value : output.getValue().valuesAt(step)) {
                    Optional<String> problem = replay(
                            steps,
                            flow,
                            output.getKey(),
                            value,
                            step,
                            output.getValue().wayTo(step, value));
                    if (problem.isPresent()) {
                        return problem;
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** One random run; each step looks at what the graph says about it. */
    private static Optional<String> run(
            List<FlowStep> steps, FlowGraph graph, Flow flow, Map<String, OutputFlow> outputs, Random random) {
        Operation operation = new Operation(flow, steps.get(0).name());
        for (int count = 0; count < LONGEST_RUN && operation.step != null; count++) {
            int index = indexOf(steps, operation.step);
            FlowStep step = steps.get(index);
            if (!graph.reaches(index)) {
                return Optional.of(step.name() + " runs, but the graph does not reach it");
            }
            for (Map.Entry<String, OutputFlow> output : outputs.entrySet()) {
                OutputFlow.Value value = operation.valueOf(output.getKey());
                if (!output.getValue().valuesAt(index).contains(value)) {
                    return Optional.of(output.getKey() + " is " + value + " at " + step.name()
                            + ", which the graph does not know");
                }
            }
            if (step.onFailure().isPresent() && random.nextInt(4) == 0) {
                operation.fail();
            } else {
                boolean jumps = !step.jumps().isEmpty() && (step.alwaysJumps() || random.nextBoolean());
                operation.complete(
                        index,
                        step,
                        step.maySet().stream()
                                .filter(output -> random.nextBoolean())
                                .toList(),
                        jumps ? step.jumps().get(random.nextInt(step.jumps().size())) : null);
            }
        }
        return Optional.empty();
    }

    /** The runtime takes a way of the graph, and the output is then what the graph says. */
    private static Optional<String> replay(
            List<FlowStep> steps,
            Flow flow,
            String output,
            OutputFlow.Value expected,
            int target,
            List<FlowGraph.Edge> way) {
        Operation operation = new Operation(flow, steps.get(0).name());
        for (FlowGraph.Edge edge : way) {
            int index = edge.from().step();
            FlowStep step = steps.get(index);
            if (!step.name().equals(operation.step)) {
                return Optional.of(way + " is no way of the runtime, which comes to " + operation.step);
            }
            if (edge.kind() == FlowGraph.Edge.Kind.FAILURE) {
                operation.fail();
            } else {
                operation.complete(
                        index,
                        step,
                        index == expected.setter() && expected.isSet() ? step.maySet() : Set.of(),
                        edge.kind() == FlowGraph.Edge.Kind.JUMP ? edge.target() : null);
            }
        }
        return steps.get(target).name().equals(operation.step)
                        && operation.valueOf(output).equals(expected)
                ? Optional.empty()
                : Optional.of(way + " comes to " + operation.step + " with " + output + " " + operation.valueOf(output)
                        + " instead of " + expected);
    }

    /** An operation as {@code Transitions} moves it. */
    private static final class Operation {

        private final Flow flow;
        private final Map<String, OutputFlow.Value> values = new HashMap<>();

        @Nullable
        String step;

        private @Nullable String lastMain;
        private boolean compensating;

        Operation(Flow flow, String first) {
            this.flow = flow;
            this.step = first;
        }

        OutputFlow.Value valueOf(String output) {
            return values.getOrDefault(output, OutputFlow.Value.UNTOUCHED);
        }

        void complete(int index, FlowStep completed, Iterable<String> maySet, @Nullable String jump) {
            completed.maySet().forEach(output -> values.put(output, new OutputFlow.Value(index, /* isSet= */ false)));
            maySet.forEach(output -> values.put(output, new OutputFlow.Value(index, /* isSet= */ true)));
            completed.sets().forEach(output -> values.put(output, new OutputFlow.Value(index, /* isSet= */ true)));
            if (flow.isMain(completed.name())) {
                lastMain = completed.name();
            }
            step = flow.after(completed.name(), jump, lastMain, compensating).orElse(null);
        }

        void fail() {
            step = step == null ? null : flow.onFailure(step).orElseThrow();
            compensating = true;
        }
    }

    private static Flow flow(List<FlowStep> steps) {
        return new Flow(steps.stream()
                .map(step -> new Flow.Node(
                        step.name(),
                        step.branch(),
                        Set.of(),
                        step.sets(),
                        step.jumps(),
                        /* alwaysJumps= */ false,
                        step.then().orElse(null),
                        step.onFailure().orElse(null)))
                .toList());
    }

    private static List<FlowStep> steps(Random random) {
        List<String> branches = List.of("main", "red", "blue", "undo");
        int count = 2 + random.nextInt(7);
        List<String> onBranches = new ArrayList<>(List.of("main"));
        while (onBranches.size() < count) {
            onBranches.add(branches.get(random.nextInt(2) * random.nextInt(branches.size())));
        }
        Set<String> named = new LinkedHashSet<>(onBranches);
        named.remove("main");
        List<String> failureBranches = List.copyOf(named);
        List<String> targets = new ArrayList<>(named);
        targets.addAll(named);
        targets.add("end");
        for (int step = 0; step < count; step++) {
            targets.add("s" + step);
        }
        List<FlowStep> steps = new ArrayList<>();
        for (int step = 0; step < count; step++) {
            Set<String> jumps = new LinkedHashSet<>();
            while (random.nextInt(3) == 0) {
                jumps.add(any(targets, random));
            }
            Set<String> sets = new LinkedHashSet<>();
            Set<String> maySet = new LinkedHashSet<>();
            for (String output : OUTPUTS) {
                switch (random.nextInt(5)) {
                    case 0 -> sets.add(output);
                    case 1 -> maySet.add(output);
                    default -> {}
                }
            }
            boolean always = !jumps.isEmpty() && random.nextBoolean();
            steps.add(new FlowStep(
                    "s" + step,
                    onBranches.get(step),
                    sets,
                    maySet,
                    List.copyOf(jumps),
                    always,
                    !always && random.nextInt(6) == 0 ? Optional.of(any(targets, random)) : Optional.empty(),
                    !failureBranches.isEmpty() && random.nextInt(4) == 0
                            ? Optional.of(any(failureBranches, random))
                            : Optional.empty(),
                    /* waits= */ false));
        }
        return steps;
    }

    /** The same problem with fewer steps, as long as what is left names none that is gone. */
    private static List<FlowStep> shrunk(List<FlowStep> steps, long seed) {
        for (int step = 1; step < steps.size(); step++) {
            List<FlowStep> fewer = new ArrayList<>(steps);
            fewer.remove(step);
            if (isWhole(fewer) && problem(fewer, seed).isPresent()) {
                return shrunk(fewer, seed);
            }
        }
        return steps;
    }

    private static boolean isWhole(List<FlowStep> steps) {
        FlowGraph graph = FlowGraph.of(steps);
        return steps.stream()
                .allMatch(step -> step.jumps().stream().allMatch(target -> exists(graph, target))
                        && step.then().filter(target -> !exists(graph, target)).isEmpty()
                        && step.onFailure()
                                .filter(branch -> graph.firstOf(branch).isEmpty())
                                .isEmpty());
    }

    private static boolean exists(FlowGraph graph, String target) {
        return target.equals("end") || graph.resolve(target).isPresent();
    }

    private static int indexOf(List<FlowStep> steps, @Nullable String name) {
        return steps.stream().map(FlowStep::name).toList().indexOf(name);
    }

    private static String any(List<String> names, Random random) {
        return names.get(random.nextInt(names.size()));
    }
}
