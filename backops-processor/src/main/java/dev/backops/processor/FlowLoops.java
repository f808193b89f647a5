package dev.backops.processor;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Finds what an operation cannot get out of, as long as no step fails. */
final class FlowLoops {

    private final FlowGraph graph;

    FlowLoops(FlowGraph graph) {
        this.graph = graph;
    }

    /** The steps of each loop from which no way leads to the end, and none of which waits. */
    Set<Set<Integer>> endless() {
        Set<Set<Integer>> loops = new LinkedHashSet<>();
        Set<FlowGraph.State> ending = ending();
        for (FlowGraph.State state : graph.states()) {
            if (!ending.contains(state)) {
                Set<FlowGraph.State> loop = reachable(state);
                boolean isClosed =
                        loop.stream().allMatch(other -> reachable(other).contains(state));
                if (isClosed
                        && loop.stream().noneMatch(other -> graph.step(other).waits())) {
                    loops.add(loop.stream().map(FlowGraph.State::step).collect(Collectors.toCollection(TreeSet::new)));
                }
            }
        }
        return loops;
    }

    /** The states from which some way leads to the end. */
    private Set<FlowGraph.State> ending() {
        Set<FlowGraph.State> ending = new LinkedHashSet<>();
        boolean changed = true;
        while (changed) {
            changed = false;
            for (FlowGraph.State state : graph.states()) {
                changed |= graph.edges(state).stream()
                                .filter(FlowGraph.Edge::isCompleted)
                                .anyMatch(edge -> edge.to().isEmpty()
                                        || ending.contains(edge.to().get()))
                        && ending.add(state);
            }
        }
        return ending;
    }

    private Set<FlowGraph.State> reachable(FlowGraph.State start) {
        Set<FlowGraph.State> reached = new LinkedHashSet<>();
        Deque<FlowGraph.State> open = new ArrayDeque<>();
        open.add(start);
        while (!open.isEmpty()) {
            for (FlowGraph.Edge edge : graph.edges(open.removeFirst())) {
                edge.to().filter(to -> edge.isCompleted() && reached.add(to)).ifPresent(open::addLast);
            }
        }
        return reached;
    }
}
