package dev.backops.processor;

import static dev.backops.processor.FlowSteps.jumps;
import static dev.backops.processor.FlowSteps.main;
import static dev.backops.processor.FlowSteps.mayJump;
import static dev.backops.processor.FlowSteps.maySet;
import static dev.backops.processor.FlowSteps.on;
import static dev.backops.processor.FlowSteps.onFailure;
import static dev.backops.processor.FlowSteps.sets;
import static dev.backops.processor.FlowSteps.then;
import static dev.backops.processor.FlowSteps.waits;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FlowGraphTest {

    /** What follows what: {@code >} in order, {@code !} by a failure; {@code -} is the end, {@code ~} while compensating. */
    static Stream<Arguments> flows() {
        return Stream.of(
                Arguments.of("in order", List.of(main("a"), main("b")), "a>b b>-"),
                Arguments.of(
                        "a branch returns behind the step that jumped",
                        List.of(jumps(main("a"), "r", "s"), on("r", "r1"), on("s", "s1"), on("s", "s2"), main("b")),
                        "a>r1 a>s1 r1>b s1>s2 s2>b b>-"),
                Arguments.of(
                        "a branch returns behind each step that jumps to it",
                        List.of(mayJump(main("a"), "r"), main("b"), mayJump(main("c"), "r"), main("d"), on("r", "r1")),
                        "a>b a>r1 b>c c>d c>r1 d>- r1>b r1>d"),
                Arguments.of(
                        "a branch that is entered behind its first step",
                        List.of(then(main("a"), "r2"), on("r", "r1"), on("r", "r2"), main("b")),
                        "a>r2 r2>b b>-"),
                Arguments.of(
                        "one branch jumps to another, and main goes on behind its own step",
                        List.of(then(main("a"), "r"), main("b"), then(on("r", "r1"), "s"), on("s", "s1")),
                        "a>r1 r1>s1 s1>b b>-"),
                Arguments.of("then ends it", List.of(main("a"), then(main("b"), "end"), main("c")), "a>b b>-"),
                Arguments.of("a jump ends it", List.of(mayJump(main("a"), "end"), main("b")), "a>- a>b b>-"),
                Arguments.of("a jump back", List.of(main("a"), mayJump(main("b"), "a"), main("c")), "a>b b>a b>c c>-"),
                Arguments.of(
                        "a branch that jumps back into main",
                        List.of(main("a"), jumps(main("b"), "r"), main("c"), jumps(on("r", "r1"), "a", "c")),
                        "a>b b>r1 r1>a r1>c c>-"),
                Arguments.of(
                        "the last branch of the last main step ends it",
                        List.of(jumps(main("a"), "r"), on("r", "r1")),
                        "a>r1 r1>-"),
                Arguments.of(
                        "a failure branch ends it",
                        List.of(onFailure(main("a"), "u"), main("b"), on("u", "u1"), on("u", "u2")),
                        "a>b a!u1~ b>- u1~>u2~ u2~>-"),
                Arguments.of(
                        "a failure branch that jumps back compensates to the end",
                        List.of(
                                onFailure(main("a"), "u"),
                                mayJump(main("b"), "r"),
                                main("c"),
                                then(on("u", "u1"), "b"),
                                on("r", "r1")),
                        "a>b a!u1~ b>c b>r1 c>- r1>c u1~>b~ b~>c~ b~>r1~ c~>- r1~>-"),
                Arguments.of(
                        "a failure branch of a failure branch",
                        List.of(onFailure(main("a"), "u"), onFailure(on("u", "u1"), "v"), on("v", "v1")),
                        "a>- a!u1~ u1~>- u1~!v1~ v1~>-"),
                Arguments.of("wrong names lead nowhere", List.of(jumps(main("a"), "x"), main("b")), ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("flows")
    void edges_areTheWaysOfTheRuntime(String name, List<FlowStep> steps, String edges) {
        assertThat(edges(FlowGraph.of(steps)))
                .isEqualTo(edges.isEmpty() ? Set.of() : new TreeSet<>(List.of(edges.split(" "))));
    }

    /** Which of the values never, set and left out the output {@code x} can have at the step {@code z}. */
    static Stream<Arguments> outputs() {
        FlowStep a = sets(main("a"), "x");
        FlowStep mayA = maySet(main("a"), "x");
        FlowStep z = main("z");
        return Stream.of(
                Arguments.of("before it", List.of(a, z), "set"),
                Arguments.of("behind it", List.of(z, a), "never"),
                Arguments.of("itself", List.of(main("b"), sets(z, "x")), "never"),
                Arguments.of("itself in a loop", List.of(mayJump(sets(z, "x"), "z")), "never set"),
                Arguments.of("left out", List.of(mayA, z), "set out"),
                Arguments.of("past it", List.of(mayJump(main("c"), "z"), a, z), "never set"),
                Arguments.of(
                        "on both branches",
                        List.of(jumps(main("c"), "r", "s"), sets(on("r", "r1"), "x"), sets(on("s", "s1"), "x"), z),
                        "set"),
                Arguments.of(
                        "on one branch",
                        List.of(jumps(main("c"), "r", "s"), sets(on("r", "r1"), "x"), on("s", "s1"), z),
                        "never set"),
                Arguments.of(
                        "on a branch that may be left out",
                        List.of(mayJump(main("c"), "r"), sets(on("r", "r1"), "x"), z),
                        "never set"),
                Arguments.of(
                        "on a branch that the second jump goes to",
                        List.of(
                                jumps(main("c"), "r"),
                                sets(on("r", "r1"), "x"),
                                jumps(main("d"), "s"),
                                on("s", "s1"),
                                z),
                        "set"),
                Arguments.of(
                        "what fails has not set it",
                        List.of(onFailure(a, "u"), then(on("u", "u1"), "z"), z),
                        "never set"),
                Arguments.of(
                        "what was set before a failure",
                        List.of(a, onFailure(main("b"), "u"), then(on("u", "u1"), "z"), z),
                        "set"),
                Arguments.of("a loop leaves it out", List.of(a, z, then(maySet(main("b"), "x"), "z")), "set out"),
                Arguments.of("nothing leads to it", List.of(then(a, "end"), z), ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outputs")
    void values_areThoseOfEveryWay(String name, List<FlowStep> steps, String values) {
        int z = steps.stream().map(FlowStep::name).toList().indexOf("z");
        OutputFlow flow = OutputFlow.of(FlowGraph.of(steps), "x");
        Set<String> found = new TreeSet<>();
        for (OutputFlow.Value value : flow.valuesAt(z)) {
            found.add(value.isSet() ? "set" : value.setter() < 0 ? "never" : "out");
        }
        assertThat(found).isEqualTo(values.isEmpty() ? Set.of() : new TreeSet<>(List.of(values.split(" "))));
        assertThat(flow.isSetAt(z)).isEqualTo(!found.contains("never") && !found.contains("out"));
    }

    @Test
    void wayBetween_beginsAtTheLastSetter() {
        FlowGraph graph = FlowGraph.of(List.of(
                jumps(main("a"), "r", "s"),
                sets(on("r", "r1"), "x"),
                sets(on("s", "s1"), "x"),
                jumps(main("b"), "a", "end")));
        OutputFlow flow = OutputFlow.of(graph, "x");
        assertThat(flow.isLastSetBefore(2, 1)).isTrue();
        assertThat(flow.wayBetween(1, 2).stream()
                        .map(edge -> graph.step(edge.from()).name()))
                .containsExactly("r1", "b", "a");
    }

    static Stream<Arguments> loops() {
        return Stream.of(
                Arguments.of("none", List.of(main("a"), main("b")), ""),
                Arguments.of("that ends", List.of(main("a"), mayJump(main("b"), "a")), ""),
                Arguments.of("that does not", List.of(main("a"), then(main("b"), "a")), "[0, 1]"),
                Arguments.of("that waits", List.of(waits(main("a")), then(main("b"), "a")), ""),
                Arguments.of("behind others", List.of(main("a"), main("b"), then(main("c"), "b")), "[1, 2]"),
                Arguments.of("with several turns", List.of(main("a"), jumps(main("b"), "a", "b")), "[0, 1]"),
                Arguments.of(
                        "that only a failure leaves",
                        List.of(onFailure(main("a"), "u"), then(main("b"), "a"), on("u", "u1")),
                        "[0, 1]"),
                Arguments.of(
                        "through a branch that returns",
                        List.of(then(main("a"), "r"), then(main("b"), "a"), on("r", "r1")),
                        "[0, 1, 2]"),
                Arguments.of(
                        "two of them",
                        List.of(jumps(main("a"), "b", "c"), then(main("b"), "b"), then(main("c"), "c")),
                        "[1] [2]"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("loops")
    void endlessLoops_areThoseThatNothingLeaves(String name, List<FlowStep> steps, String loops) {
        assertThat(new FlowLoops(FlowGraph.of(steps))
                        .endless().stream().map(Object::toString).toList())
                .isEqualTo(loops.isEmpty() ? List.of() : List.of(loops.split(" (?=\\[)")));
    }

    @Test
    void graphs_ofTheSameStepsAreEqual() {
        assertThat(FlowGraph.of(List.of(main("a")))).isEqualTo(FlowGraph.of(List.of(main("a"))));
        assertThat(FlowGraph.of(List.of(main("a")))).isNotEqualTo(FlowGraph.of(List.of(main("b"))));
    }

    private static Set<String> edges(FlowGraph graph) {
        Set<String> edges = new TreeSet<>();
        for (FlowGraph.State state : graph.states()) {
            for (FlowGraph.Edge edge : graph.edges(state)) {
                edges.add(name(graph, state)
                        + (edge.isCompleted() ? ">" : "!")
                        + edge.to().map(to -> name(graph, to)).orElse("-"));
            }
        }
        return edges;
    }

    private static String name(FlowGraph graph, FlowGraph.State state) {
        return graph.step(state).name() + (state.compensating() ? "~" : "");
    }
}
