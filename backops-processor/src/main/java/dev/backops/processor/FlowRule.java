package dev.backops.processor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The flow as a whole: that every step can run, and that no operation runs for ever. */
final class FlowRule implements OperationValidator.Rule {

    /** Mistakes behind which ways may be missing. */
    private static final Set<String> BREAKING = Set.of(
            "AmbiguousJump",
            "AsyncStep",
            "DuplicateStep",
            "InvalidBranch",
            "InvalidFailureBranch",
            "InvalidJumpResult",
            "JumpToMain",
            "NoMainStep",
            "OverloadedStep",
            "UnknownJump",
            "UnmatchedJump",
            "UselessThen");

    /** Whether no mistake found so far makes a way disappear. */
    static boolean isWhole(Report report) {
        return !report.hasError(BREAKING);
    }

    @Override
    public void check(OperationDeclaration operation, Report report) {
        if (isWhole(report)) {
            FlowGraph graph = operation.flow();
            checkReached(operation, graph, report);
            checkEnds(operation, graph, report);
        }
    }

    private static void checkReached(OperationDeclaration operation, FlowGraph graph, Report report) {
        Set<Integer> reported = new HashSet<>();
        for (int step : firstUnreached(graph)) {
            String branch = graph.steps().get(step).branch();
            List<Integer> onBranch = stepsOf(branch, graph);
            if (!reported.add(step) || isReportedAsUnset(operation, step, report)) {
                continue;
            }
            StepDeclaration declaration = operation.steps().get(step);
            if (onBranch.stream().noneMatch(graph::reaches)) {
                reported.addAll(onBranch);
                report.warning(
                        "UnreachableBranch",
                        declaration.flow().branch().place(),
                        "No step jumps to branch \"" + branch + "\". Remove the branch or add the jump.");
            } else {
                report.warning(
                        "UnreachableStep",
                        declaration.annotation().place(),
                        declaration.method() + " never runs: " + reason(step, onBranch, operation, graph) + ".",
                        "Remove it, or let a step jump to it.");
            }
        }
    }

    /** One step of each part of the flow to which nothing leads, not even from another such part. */
    private static List<Integer> firstUnreached(FlowGraph graph) {
        List<Integer> unreached = IntStream.range(0, graph.steps().size())
                .filter(step -> !graph.reaches(step))
                .boxed()
                .toList();
        Map<Integer, Set<Integer>> reachable = new HashMap<>();
        unreached.forEach(step -> reachable.put(step, reachableFrom(step, graph)));
        List<Integer> first = new ArrayList<>();
        Set<Integer> covered = new HashSet<>();
        for (int step : unreached) {
            boolean isRoot = unreached.stream()
                    .filter(other -> reached(reachable, other).contains(step))
                    .allMatch(other -> reached(reachable, step).contains(other));
            if (isRoot && !covered.contains(step)) {
                first.add(step);
                covered.addAll(reached(reachable, step));
            }
        }
        return first;
    }

    private static Set<Integer> reached(Map<Integer, Set<Integer>> reachable, int step) {
        return reachable.getOrDefault(step, Set.of());
    }

    private static Set<Integer> reachableFrom(int start, FlowGraph graph) {
        Set<Integer> reached = new LinkedHashSet<>();
        List<Integer> open = new ArrayList<>(graph.successors(start));
        while (!open.isEmpty()) {
            int step = open.remove(open.size() - 1);
            if (reached.add(step)) {
                open.addAll(graph.successors(step));
            }
        }
        return reached;
    }

    /** Whether an error says already that nothing sets an output because nothing leads to this step. */
    private static boolean isReportedAsUnset(OperationDeclaration operation, int step, Report report) {
        return report.says(
                "UnsetOutput", "nothing leads to " + operation.steps().get(step).method() + ".");
    }

    private static String reason(int step, List<Integer> onBranch, OperationDeclaration operation, FlowGraph graph) {
        int position = onBranch.indexOf(step);
        if (position == 0) {
            return "jumps to its branch all go past it";
        }
        StepDeclaration before = operation.steps().get(onBranch.get(position - 1));
        Optional<String> then = graph.steps().get(onBranch.get(position - 1)).then();
        return before.method()
                + (before.alwaysJumps() ? " always jumps" : " always goes on with \"" + then.orElse("") + "\"");
    }

    private static List<Integer> stepsOf(String branch, FlowGraph graph) {
        return IntStream.range(0, graph.steps().size())
                .filter(step -> graph.steps().get(step).branch().equals(branch))
                .boxed()
                .toList();
    }

    private static void checkEnds(OperationDeclaration operation, FlowGraph graph, Report report) {
        for (Set<Integer> loop : new FlowLoops(graph).endless()) {
            String methods = loop.stream()
                    .map(step -> operation.steps().get(step).method())
                    .collect(Collectors.joining(", "));
            OptionalInt last = new TreeSet<>(loop)
                    .descendingSet().stream()
                            .mapToInt(Integer::intValue)
                            .filter(step -> !isInOrder(graph.steps().get(step)))
                            .findFirst();
            StepDeclaration turn = operation.steps().get(last.orElseThrow());
            report.warning(
                    "EndlessLoop",
                    turn.annotation().place(turn.flow().jumpsTo().isEmpty() ? "then" : "jumpsTo"),
                    "Once it has come to " + methods + ", an operation never ends and never waits.",
                    "Let one of them jump out of the loop, or wait, for example: delay = \"PT1H\"");
        }
    }

    private static boolean isInOrder(FlowStep step) {
        return step.jumps().isEmpty() && step.then().isEmpty();
    }
}
