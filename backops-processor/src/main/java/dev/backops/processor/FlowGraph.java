package dev.backops.processor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Every way that an operation can take, as the runtime goes.
 *
 * <p>Behind the last step of a branch, {@code main} goes on behind the last main step that completed, so where a branch
 * leads depends on where it was entered from. The nodes of the graph are therefore pairs of a step and that main step.
 * Names that are wrong lead nowhere: a graph of a declaration with mistakes has too few ways, never one too many.
 */
final class FlowGraph {

    private static final int NONE = -1;

    private final List<FlowStep> steps;
    private final Map<State, List<Edge>> edges = new LinkedHashMap<>();

    private FlowGraph(List<FlowStep> steps) {
        this.steps = List.copyOf(steps);
    }

    static FlowGraph of(List<FlowStep> steps) {
        FlowGraph graph = new FlowGraph(steps);
        graph.firstOf(FlowStep.MAIN)
                .ifPresent(first -> graph.explore(new State(first, NONE, /* compensating= */ false)));
        return graph;
    }

    List<FlowStep> steps() {
        return steps;
    }

    FlowStep step(State state) {
        return steps.get(state.step());
    }

    /** Every state that an operation can reach, the first one first. */
    List<State> states() {
        return List.copyOf(edges.keySet());
    }

    /** Where a state can lead. */
    List<Edge> edges(State state) {
        return edges.getOrDefault(state, List.of());
    }

    boolean reaches(int step) {
        return edges.keySet().stream().anyMatch(state -> state.step() == step);
    }

    /** The index of the step that a jump to a step or a branch leads to. */
    OptionalInt resolve(String target) {
        OptionalInt step = IntStream.range(0, steps.size())
                .filter(index -> steps.get(index).name().equals(target))
                .findFirst();
        return step.isPresent() ? step : firstOf(target);
    }

    /** The first step of a branch. */
    OptionalInt firstOf(String branch) {
        return nextOf(branch, 0);
    }

    /** The step behind another one on its branch. */
    OptionalInt behind(int step) {
        return nextOf(steps.get(step).branch(), step + 1);
    }

    /**
     * The steps that a step can lead to, whatever led to it; but for those that follow when its branch ends, which depend
     * on that.
     */
    Set<Integer> successors(int step) {
        Set<Integer> successors = new LinkedHashSet<>();
        for (Edge edge : edgesOf(new State(step, NONE, /* compensating= */ false))) {
            if (edge.kind() != Edge.Kind.RETURN) {
                edge.to().ifPresent(to -> successors.add(to.step()));
            }
        }
        return successors;
    }

    private void explore(State start) {
        Deque<State> found = new ArrayDeque<>(List.of(start));
        while (!found.isEmpty()) {
            State state = found.removeFirst();
            if (!edges.containsKey(state)) {
                List<Edge> outgoing = edgesOf(state);
                edges.put(state, outgoing);
                outgoing.forEach(edge -> edge.to().ifPresent(found::addLast));
            }
        }
    }

    private List<Edge> edgesOf(State state) {
        FlowStep step = steps.get(state.step());
        List<Edge> outgoing = new ArrayList<>();
        if (!step.alwaysJumps()) {
            withoutJump(state, step).ifPresent(outgoing::add);
        }
        for (String jump : step.jumps()) {
            to(state, Edge.Kind.JUMP, jump).ifPresent(outgoing::add);
        }
        step.onFailure()
                .map(this::firstOf)
                .filter(OptionalInt::isPresent)
                .ifPresent(first -> outgoing.add(new Edge(
                        state,
                        Edge.Kind.FAILURE,
                        step.onFailure().get(),
                        Optional.of(new State(first.getAsInt(), NONE, /* compensating= */ true)))));
        return List.copyOf(outgoing);
    }

    private Optional<Edge> withoutJump(State state, FlowStep step) {
        if (step.then().isPresent()) {
            return to(state, Edge.Kind.THEN, step.then().get());
        }
        OptionalInt behind = behind(state.step());
        if (behind.isPresent() || step.isMain() || state.compensating()) {
            return Optional.of(edge(state, Edge.Kind.NEXT, "", behind));
        }
        OptionalInt back = state.lastMain() == NONE ? firstOf(FlowStep.MAIN) : behind(state.lastMain());
        return Optional.of(edge(state, Edge.Kind.RETURN, "", back));
    }

    private Optional<Edge> to(State from, Edge.Kind kind, String target) {
        if (target.equals(FlowStep.END)) {
            return Optional.of(edge(from, kind, target, OptionalInt.empty()));
        }
        OptionalInt to = resolve(target);
        return to.isPresent() ? Optional.of(edge(from, kind, target, to)) : Optional.empty();
    }

    private Edge edge(State from, Edge.Kind kind, String target, OptionalInt to) {
        return new Edge(
                from, kind, target, to.isPresent() ? Optional.of(following(from, to.getAsInt())) : Optional.empty());
    }

    /** What the last main step was makes a difference on the other branches alone, and none once they compensate. */
    private State following(State from, int next) {
        if (steps.get(next).isMain() || from.compensating()) {
            return new State(next, NONE, from.compensating());
        }
        return new State(next, step(from).isMain() ? from.step() : from.lastMain(), /* compensating= */ false);
    }

    private OptionalInt nextOf(String branch, int from) {
        return IntStream.range(from, steps.size())
                .filter(index -> steps.get(index).branch().equals(branch))
                .findFirst();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FlowGraph graph && graph.steps.equals(steps);
    }

    @Override
    public int hashCode() {
        return steps.hashCode();
    }

    @Override
    public String toString() {
        return "FlowGraph" + steps;
    }

    /**
     * An operation before a step.
     *
     * @param step the index of the step
     * @param lastMain the index of the last main step that completed, where that matters; otherwise -1
     * @param compensating whether a failure branch runs, at whose end the operation ends
     */
    record State(int step, int lastMain, boolean compensating) {}

    /**
     * One step on a way.
     *
     * @param target what a jump or a {@code then} names; otherwise empty
     * @param to what follows; empty at the end of the operation
     */
    record Edge(State from, Kind kind, String target, Optional<State> to) {

        /** Why one step follows another. */
        enum Kind {
            /** It is the next one of the branch; or there is none, and the operation ends. */
            NEXT,
            THEN,
            JUMP,
            /** The branch is at its end, and {@code main} goes on. */
            RETURN,
            FAILURE
        }

        /** Whether the step before has completed. */
        boolean isCompleted() {
            return kind != Kind.FAILURE;
        }
    }
}
