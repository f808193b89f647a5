package dev.backops.processor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Draws a flow as the text of a Mermaid flowchart. */
final class FlowChart {

    /** Words that mean something else to Mermaid, and names that every object of JavaScript has, over which it stumbles. */
    private static final Set<String> RESERVED = Set.of(
            "call",
            "class",
            "classDef",
            "click",
            "constructor",
            "default",
            "direction",
            "end",
            "flowchart",
            "graph",
            "hasOwnProperty",
            "href",
            "interpolate",
            "isPrototypeOf",
            "linkStyle",
            "propertyIsEnumerable",
            "style",
            "subgraph",
            "toLocaleString",
            "toString",
            "valueOf");

    private static final String INDENT = "  ";

    private final FlowGraph graph;
    private final List<FlowModel> times;
    private final Map<String, String> ids = new LinkedHashMap<>();
    private final List<String> lines = new ArrayList<>(List.of("flowchart TD"));

    private FlowChart(FlowGraph graph, List<FlowModel> times) {
        this.graph = graph;
        this.times = times;
    }

    /**
     * The lines of the chart.
     *
     * @param times when each step of the graph runs
     */
    static List<String> draw(FlowGraph graph, List<FlowModel> times) {
        FlowChart chart = new FlowChart(graph, times);
        chart.addNodes();
        chart.addEdges();
        return chart.lines;
    }

    // remindOfRenewal["remindOfRenewal, at renewsAt"]
    // subgraph red
    //   setUpRed
    // end
    private void addNodes() {
        Map<String, List<Integer>> branches = new LinkedHashMap<>();
        for (int step = 0; step < graph.steps().size(); step++) {
            branches.computeIfAbsent(graph.steps().get(step).branch(), unseen -> new ArrayList<>())
                    .add(step);
        }
        branches.forEach((branch, steps) -> {
            if (branch.equals(FlowStep.MAIN)) {
                steps.stream()
                        .map(this::node)
                        .filter(node -> node.endsWith("]"))
                        .forEach(node -> lines.add(INDENT + node));
            } else {
                lines.add(INDENT + "subgraph " + named(branch, branch));
                steps.forEach(step -> lines.add(INDENT + INDENT + node(step)));
                lines.add(INDENT + "end");
            }
        });
    }

    // chargeCreditCard --> chooseSetup
    // chargeCreditCard -.->|fails| apologise
    // chooseSetup -->|red| setUpRed
    private void addEdges() {
        Map<Integer, Set<String>> edges = new TreeMap<>();
        for (FlowGraph.State state : graph.states()) {
            for (FlowGraph.Edge edge : graph.edges(state)) {
                edges.computeIfAbsent(state.step(), unseen -> new LinkedHashSet<>())
                        .add(arrow(edge) + " " + target(edge));
            }
        }
        edges.forEach((step, targets) -> targets.forEach(
                target -> lines.add(INDENT + id(graph.steps().get(step).name()) + " " + target)));
    }

    private String node(int step) {
        String name = graph.steps().get(step).name();
        FlowModel time = times.get(step);
        String text = time.delay()
                .map(delay -> name + ", after " + delay)
                .or(() -> time.at().map(at -> name + ", at " + at))
                .orElse(name);
        return named(name, text);
    }

    private String arrow(FlowGraph.Edge edge) {
        return switch (edge.kind()) {
            case NEXT, RETURN, THEN -> "-->";
            case FAILURE -> "-.->|fails|";
            case JUMP -> "-->|" + (isBranch(edge.target()) ? quoted(edge.target()) : "jumps") + "|";
        };
    }

    private boolean isBranch(String target) {
        return graph.steps().stream().anyMatch(step -> step.branch().equals(target));
    }

    private String target(FlowGraph.Edge edge) {
        String outcome = edge.from().compensating() ? "compensated" : "completed";
        return edge.to()
                .map(to -> id(graph.step(to).name()))
                .orElseGet(() -> id(" " + outcome) + "([" + outcome + "])");
    }

    private String named(String name, String text) {
        String id = id(name);
        return id.equals(text) ? id : id + "[\"" + text + "\"]";
    }

    /** The name itself, where Mermaid takes it for one. */
    private String id(String name) {
        String known = ids.get(name);
        if (known != null) {
            return known;
        }
        String wanted = isPlain(name.strip()) ? name.strip() : "node" + ids.size();
        String id = wanted;
        while (isTaken(id)) {
            id = wanted + ids.size();
        }
        ids.put(name, id);
        return id;
    }

    private boolean isTaken(String id) {
        return ids.containsValue(id);
    }

    private static String quoted(String label) {
        return isPlain(label) ? label : "\"" + label + "\"";
    }

    private static boolean isPlain(String name) {
        return name.matches("[A-Za-z][A-Za-z0-9_]*") && !RESERVED.contains(name);
    }
}
