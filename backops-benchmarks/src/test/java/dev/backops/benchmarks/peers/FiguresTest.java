package dev.backops.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backops.benchmarks.peers.Figures.Figure;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class FiguresTest {

    private final Figures figures = new Figures();

    @Test
    void line_isReadAsItWasWritten() {
        Figure figure = new Figure("dbos-queued", "enqueue-32", 1234.5, "operations/s");

        assertThat(figure.line()).isEqualTo("figure dbos-queued enqueue-32 1234.500 operations/s");
        assertThat(Figure.parse(figure.line())).contains(figure);
        assertThat(Figure.parse("figure of speech")).isEmpty();
        assertThat(Figure.parse("[main] INFO figure backops three-steps")).isEmpty();
    }

    @Test
    void lines_haveTheMedianWithTheLeastAndTheMost() {
        add("backops", "three-steps", 30, 10, 20);

        assertThat(print(Figures::printLines))
                .isEqualToNormalizingNewlines("figure backops three-steps 20.000 operations/s 10.000 30.000\n");
    }

    @Test
    void table_hasASystemPerColumnInTheirOrder() {
        add("jobrunr", "three-steps", 2);
        add("backops", "three-steps", 30_000, 10_000, 20_000);
        add("backops", "bulk", 5);

        assertThat(print(Figures::printTable)).isEqualToNormalizingNewlines("""
                | figure      | unit         | backops                   | jobrunr |
                |-------------|--------------|---------------------------|---------|
                | three-steps | operations/s | 20,000 (10,000 to 30,000) | 2.00    |
                | bulk        | operations/s | 5.00                      |         |
                """);
    }

    @Test
    void ratios_areToTheFastestPeerAndOnlyOfWhatIsThere() {
        add("backops", "three-steps", 1_000);
        add("floor", "three-steps", 1_250);
        add("db-scheduler", "three-steps", 50);
        add("dbos-direct", "three-steps", 100);
        add("backops", "waiting-steps", 3_000);

        assertThat(figures.ratios())
                .containsOnlyKeys("drain-to-fastest-peer", "drain-to-floor", "waiting-to-bound")
                .containsEntry("drain-to-fastest-peer", 10.0)
                .containsEntry("drain-to-floor", 0.8)
                .hasEntrySatisfying(
                        "waiting-to-bound", ratio -> assertThat(ratio).isCloseTo(0.9, within(0.001)));
    }

    private void add(String system, String name, double... values) {
        for (double value : values) {
            figures.add(new Figure(system, name, value, "operations/s"));
        }
    }

    private String print(BiConsumer<Figures, PrintStream> how) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        how.accept(figures, new PrintStream(printed, true, StandardCharsets.UTF_8));
        return printed.toString(StandardCharsets.UTF_8);
    }
}
