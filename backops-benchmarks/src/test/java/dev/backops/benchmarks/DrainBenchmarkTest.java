package dev.backops.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrainBenchmarkTest {

    @Test
    void smallRun_drainsEverythingAndPrintsItsFigures() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        List<DrainBenchmark.Round> rounds = new DrainBenchmark(/* operations= */ 200, /* rounds= */ 1)
                .run(new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(rounds).singleElement().satisfies(round -> {
            assertThat(round.drainedPerSecond()).isPositive();
            assertThat(round.walBytes()).isPositive();
        });
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("fsync on, synchronous_commit on, full_page_writes on")
                .contains("drained, operations/s");
    }
}
