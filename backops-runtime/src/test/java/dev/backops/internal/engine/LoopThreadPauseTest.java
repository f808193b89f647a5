package dev.backops.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopThreadPauseTest {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void failures_errorsOfTheJvmToo_endNoLoopAndLengthenNoPauseBeyondTheLongest(boolean ofTheJvm) throws Exception {
        CountDownLatch runs = new CountDownLatch(50);
        CountDownLatch ended = new CountDownLatch(1);
        LoopThread thread = new LoopThread(
                "backops-test",
                () -> {
                    runs.countDown();
                    if (ofTheJvm) {
                        throw new OutOfMemoryError("a step took it all");
                    }
                    throw new IllegalStateException("no database");
                },
                /* daemon= */ true,
                Duration.ofMillis(20),
                ended::countDown);

        thread.start();

        // Fifty pauses that double up to five seconds would take four minutes.
        assertThat(runs.await(30, TimeUnit.SECONDS)).isTrue();
        thread.stop();
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
