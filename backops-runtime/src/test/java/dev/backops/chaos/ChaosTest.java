package dev.backops.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One round of each kind of fault but one that is like two others; {@link Chaos} throws them all, for as long as one likes.
 */
class ChaosTest {

    @BeforeEach
    void quieten() {
        Chaos.quieten();
    }

    @AfterEach
    void loudAgain() {
        Chaos.loudAgain();
    }

    @Test
    void faults_ofEveryKind_loseRepeatAndDoubleNothing() throws Exception {
        List<FaultKind> kinds = FaultKind.possible();
        kinds.remove(FaultKind.FREEZE);
        int half = kinds.size() / 2;
        // Most of the time is spent waiting for leases to end.
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            Future<Boolean> first = two.submit(() -> throwOnce(kinds.subList(0, half)));
            Future<Boolean> second = two.submit(() -> throwOnce(kinds.subList(half, kinds.size())));
            assertThat(first.get()).as("see the history in target/chaos").isTrue();
            assertThat(second.get()).as("see the history in target/chaos").isTrue();
        } finally {
            two.shutdownNow();
        }
    }

    private static boolean throwOnce(List<FaultKind> kinds) throws InterruptedException, IOException {
        long seed = System.nanoTime();
        try (Campaign campaign = new Campaign(Path.of("target", "chaos", Long.toString(seed)), kinds, seed)) {
            return campaign.run(Instant.EPOCH, 1, 1);
        }
    }
}
