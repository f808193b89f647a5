package dev.backops.processor;

import static dev.backops.processor.FlowSteps.main;
import static dev.backops.processor.FlowSteps.mayJump;
import static dev.backops.processor.FlowSteps.on;
import static dev.backops.processor.FlowSteps.onFailure;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FlowChartTest {

    @Test
    void namesThatMeanSomethingToMermaid_areQuoted() {
        List<FlowStep> steps = List.of(
                onFailure(main("style"), "graph"),
                mayJump(main("completed"), "graph", "größe", "end"),
                main("größe"),
                main("constructor"),
                on("graph", "node0"),
                on("graph", "$"));
        assertThat(FlowChart.draw(FlowGraph.of(steps), times(steps.size())))
                .containsExactly(
                        "flowchart TD",
                        "  node0[\"style, at renewsAt\"]",
                        "  node2[\"größe\"]",
                        "  node3[\"constructor\"]",
                        "  subgraph node4[\"graph\"]",
                        "    node05[\"node0\"]",
                        "    node6[\"$\"]",
                        "  end",
                        "  node0 --> completed",
                        "  node0 -.->|fails| node05",
                        "  completed --> node2",
                        "  completed -->|\"graph\"| node05",
                        "  completed -->|jumps| node2",
                        "  completed -->|jumps| completed7([completed])",
                        "  node2 --> node3",
                        "  node3 --> completed7([completed])",
                        "  node05 --> node6",
                        "  node6 --> compensated([compensated])",
                        "  node6 --> node2");
    }

    private static List<FlowModel> times(int count) {
        return IntStream.range(0, count)
                .mapToObj(step -> new FlowModel(
                        "main",
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        step == 0 ? Optional.of("renewsAt") : Optional.empty()))
                .toList();
    }
}
