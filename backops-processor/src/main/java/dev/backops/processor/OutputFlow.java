package dev.backops.processor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What becomes of one output on every way through an operation. */
final class OutputFlow {

    private final FlowGraph graph;
    private final String output;
    private final Map<Point, List<Move>> moves = new LinkedHashMap<>();
    private final Map<Point, Move> firstMoves = new LinkedHashMap<>();

    private OutputFlow(FlowGraph graph, String output) {
        this.graph = graph;
        this.output = output;
    }

    static OutputFlow of(FlowGraph graph, String output) {
        OutputFlow flow = new OutputFlow(graph, output);
        graph.states().stream().findFirst().ifPresent(start -> flow.explore(new Point(start, Value.UNTOUCHED)));
        return flow;
    }

    /** What it can be when a step starts. */
    Set<Value> valuesAt(int step) {
        Set<Value> values = new LinkedHashSet<>();
        for (Point point : moves.keySet()) {
            if (point.state().step() == step) {
                values.add(point.value());
            }
        }
        return values;
    }

    /** Whether every way to a step sets it. */
    boolean isSetAt(int step) {
        return valuesAt(step).stream().allMatch(Value::isSet);
    }

    /** Whether some way to a step sets it. */
    boolean maySetAt(int step) {
        return valuesAt(step).stream().anyMatch(Value::isSet);
    }

    /** Whether on some way, a step starts behind another one that wrote the output last. */
    boolean isLastSetBefore(int step, int setter) {
        return valuesAt(step).stream().anyMatch(value -> value.setter() == setter);
    }

    /** A shortest way from a step that wrote the output to a step that starts behind it. */
    List<FlowGraph.Edge> wayBetween(int setter, int step) {
        Value value = valuesAt(step).stream()
                .filter(candidate -> candidate.setter() == setter)
                .findFirst()
                .orElseThrow();
        List<FlowGraph.Edge> way = wayTo(step, value);
        int start = way.size() - 1;
        while (way.get(start).from().step() != setter || !way.get(start).isCompleted()) {
            start--;
        }
        return way.subList(start, way.size());
    }

    /** A shortest way on which a step starts with that value. */
    List<FlowGraph.Edge> wayTo(int step, Value value) {
        ArrayDeque<FlowGraph.Edge> way = new ArrayDeque<>();
        Point point = firstAt(step, value).orElseThrow();
        for (Move move = firstMoves.get(point); move != null; move = firstMoves.get(move.from())) {
            way.addFirst(move.edge());
        }
        return List.copyOf(way);
    }

    /**
     * Where the way to a step that does not touch the output parts from those that set it; empty where none sets it before
     * the step first starts.
     */
    Optional<FlowGraph.Edge> partingBefore(int step) {
        Set<Point> promising = leadingToSet(step);
        Optional<FlowGraph.Edge> parting = Optional.empty();
        for (FlowGraph.Edge edge : wayTo(step, Value.UNTOUCHED)) {
            if (promising.contains(new Point(edge.from(), Value.UNTOUCHED))) {
                parting = Optional.of(edge);
            }
        }
        return parting;
    }

    /** The points from which the step can be reached for the first time with the output set. */
    private Set<Point> leadingToSet(int step) {
        Set<Point> promising = new HashSet<>();
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Point point : moves.keySet()) {
                if (point.state().step() != step
                        && moves.get(point).stream().anyMatch(move -> isSetAt(step, move.to(), promising))) {
                    changed |= promising.add(point);
                }
            }
        }
        return promising;
    }

    private static boolean isSetAt(int step, Point point, Set<Point> promising) {
        return promising.contains(point)
                || (point.state().step() == step && point.value().isSet());
    }

    private Optional<Point> firstAt(int step, Value value) {
        return moves.keySet().stream()
                .filter(point -> point.state().step() == step && point.value().equals(value))
                .findFirst();
    }

    private void explore(Point start) {
        Deque<Point> found = new ArrayDeque<>(List.of(start));
        while (!found.isEmpty()) {
            Point point = found.removeFirst();
            if (moves.containsKey(point)) {
                continue;
            }
            List<Move> outgoing = movesOf(point);
            moves.put(point, outgoing);
            for (Move move : outgoing) {
                if (!moves.containsKey(move.to())) {
                    firstMoves.putIfAbsent(move.to(), move);
                    found.addLast(move.to());
                }
            }
        }
    }

    private List<Move> movesOf(Point point) {
        List<Move> outgoing = new ArrayList<>();
        for (FlowGraph.Edge edge : graph.edges(point.state())) {
            for (Value value : edge.isCompleted() ? after(point) : Set.of(point.value())) {
                edge.to().ifPresent(to -> outgoing.add(new Move(point, edge, new Point(to, value))));
            }
        }
        return outgoing;
    }

    /** What the output can be once the step at a point has completed. */
    private Set<Value> after(Point point) {
        FlowStep step = graph.step(point.state());
        int setter = point.state().step();
        if (step.sets().contains(output)) {
            return Set.of(new Value(setter, /* isSet= */ true));
        }
        return step.maySet().contains(output)
                ? new LinkedHashSet<>(
                        List.of(new Value(setter, /* isSet= */ true), new Value(setter, /* isSet= */ false)))
                : Set.of(point.value());
    }

    /**
     * What the last step that writes the output has made of it.
     *
     * @param setter the index of that step, or -1 if none has completed
     */
    record Value(int setter, boolean isSet) {

        static final Value UNTOUCHED = new Value(-1, /* isSet= */ false);
    }

    private record Point(FlowGraph.State state, Value value) {}

    private record Move(Point from, FlowGraph.Edge edge, Point to) {}
}
