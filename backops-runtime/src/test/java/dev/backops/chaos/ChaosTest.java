package dev.backops.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
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
        long seed = System.nanoTime();
        Path directory = Path.of("target", "chaos", Long.toString(seed));
        List<FaultKind> kinds = FaultKind.possible();
        kinds.remove(FaultKind.FREEZE);
        try (Campaign campaign = new Campaign(directory, kinds, seed)) {
            assertThat(campaign.run(Instant.EPOCH, 1, 1))
                    .as("see the history in " + directory)
                    .isTrue();
        }
    }
}
