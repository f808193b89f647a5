package dev.backops.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EngineBenchmarkTest {

    @Test
    void benchmarks_runOnce_doWhatTheyMeasure() throws InterruptedException {
        EngineBenchmark benchmark = new EngineBenchmark();
        benchmark.startJournal();
        try {
            assertThat(benchmark.writeParams()).contains("\"promised\":\"2026-01-01T10:00:00Z\"");
            assertThat(benchmark.readParams()).isNotZero();
            assertThat(benchmark.transition()).isInstanceOf(Transition.Proceed.class);
            assertThat(benchmark.lastTransition()).isInstanceOf(Transition.End.class);
            benchmark.journalEntry();
            benchmark.loneJournalEntry();
        } finally {
            benchmark.closeJournal();
        }
    }
}
