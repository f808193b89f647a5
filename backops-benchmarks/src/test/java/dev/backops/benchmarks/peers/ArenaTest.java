package dev.backops.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.backops.embedded.EmbeddedDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ArenaTest {

    @Test
    void workThatIsDoneByHalfOrTwice_isNoFigure() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.temporary().start();
                Arena arena =
                        new Arena(new Server(database.port()), Entrant.HAND_WRITTEN, "arena", Job.TRANSACTIONAL)) {
            Contender system = arena.open();
            system.enqueueAll(0, 2, Duration.ZERO);
            system.start();
            arena.steps().await(6);
            arena.requireDone(system, 2, /* left= */ 0);

            arena.probe().execute("DELETE FROM job_step WHERE job_id = 1 AND step = 3");
            assertThatIllegalStateException()
                    .isThrownBy(() -> arena.requireDone(system, 2, /* left= */ 0))
                    .withMessage("5 steps are recorded instead of 6");
            arena.probe().execute("INSERT INTO job_step VALUES (1, 3, '')");
            arena.probe().execute("INSERT INTO effect VALUES (1, 3)");
            assertThatIllegalStateException()
                    .isThrownBy(() -> arena.requireDone(system, 2, /* left= */ 0))
                    .withMessage("7 rows of the application were written instead of 6");
            arena.steps().run(0, 1);
            assertThatIllegalStateException()
                    .isThrownBy(() -> arena.requireDone(system, 2, /* left= */ 0))
                    .withMessage("7 steps ran instead of 6");
        }
    }
}
