package dev.backops.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompileBenchmarkTest {

    @Test
    void smallRun_compilesAndPrintsItsFigures() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        List<CompileBenchmark.Round> rounds = new CompileBenchmark(/* rounds= */ 1, /* mostOperations= */ 8)
                .run(new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(rounds).singleElement().satisfies(round -> {
            assertThat(round.writingInside()).isPositive();
            assertThat(round.inside()).isPositive();
        });
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("the processor adds");
    }
}
