package dev.backops.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.embedded.EmbeddedDatabase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InspectionBenchmarkTest {

    @Test
    void smallRun_timesEveryPageAndEveryQuestionOfTheGuide() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        Map<String, Double> medians = new InspectionBenchmark(/* operations= */ 20_000)
                .run(EmbeddedDatabase.temporary(), new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(medians).containsKeys("newest of all", "failure groups", "20. Who has repaired what, and why?");
        assertThat(medians.keySet().stream().filter(page -> page.matches("\\d+\\. .*")))
                .hasSize(20);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("20,000 operations written");
    }
}
