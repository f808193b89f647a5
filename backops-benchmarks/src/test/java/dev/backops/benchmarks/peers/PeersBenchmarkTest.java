package dev.backops.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sizes so small that the figures mean nothing: whether it runs, with every system and every workload. */
class PeersBenchmarkTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void allSystems_runAndAreCompared() {
        int code = run("--tiny", "--only", "three-steps");

        assertThat(code).as(said()).isZero();
        assertThat(said())
                .contains("fsync on, synchronous_commit on, full_page_writes on")
                .contains("ratio drain-to-fastest-peer ", "ratio drain-to-floor ");
        for (Entrant entrant : Entrant.values()) {
            assertThat(said())
                    .containsPattern(
                            "(?m)^figure " + entrant.label() + " three-steps [0-9.]+ operations/s [0-9.]+ [0-9.]+$");
        }
    }

    @Test
    void allWorkloads_runWithBackOps() {
        int code = run("--tiny", "--only", "backops");

        assertThat(code).as(said()).isZero();
        List<String> figures = said().lines()
                .filter(line -> line.startsWith("figure "))
                .map(line -> line.split(" ", -1)[2])
                .toList();
        assertThat(figures)
                .contains("three-steps", "ten-steps", "waiting-steps", "large-outputs", "transactional-steps")
                .contains("failing-steps", "half-delayed", "enqueue-1", "enqueue-4", "enqueue-32", "bulk")
                .contains("idle-p50", "idle-p99", "one-process", "three-processes")
                .contains("backlog", "finished", "sustained", "pinned")
                .contains("open", "start", "threads", "heap", "wal", "disk", "commits", "statements", "hot-operation");
        assertThat(said())
                .containsPattern(
                        "(?m)^# statement backops calls \\d+ rows \\d+ planned [\\d.]+ ms executed [\\d.]+ ms: WITH ");
    }

    @Test
    @Timeout(60)
    void systemThatDies_isNamed() throws Exception {
        CompletableFuture<Integer> code =
                CompletableFuture.supplyAsync(() -> run("--tiny", "--only", "floor,three-steps"));

        while (!code.isDone() && !said().contains("# round")) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        while (!code.isDone() && killRound() == 0) {
            TimeUnit.MILLISECONDS.sleep(10);
        }

        assertThat(code.get()).isEqualTo(1);
        assertThat(said()).contains("# failed: floor in round 1, with exit code 137");
    }

    @Test
    void unknownName_isRefusedWithTheKnownOnes() {
        ByteArrayOutputStream complaint = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(complaint, true, StandardCharsets.UTF_8));
        int code;
        try {
            code = run("--only", "quartz");
        } finally {
            System.setErr(before);
        }

        assertThat(code).isEqualTo(2);
        assertThat(complaint.toString(StandardCharsets.UTF_8))
                .contains("\"quartz\" is neither", "Systems: backops, floor, ", "Workloads: three-steps, ten-steps, ");
    }

    private static long killRound() {
        // By the program: where the class path is long, the arguments cannot be had.
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("java"))
                // While it is being made, a process bears the name of the one that makes it, which would fail instead.
                .filter(child ->
                        child.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() > 50)
                .filter(ProcessHandle::destroyForcibly)
                .count();
    }

    private int run(String... arguments) {
        return PeersBenchmark.run(new PrintStream(printed, true, StandardCharsets.UTF_8), arguments);
    }

    private String said() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
