package dev.backops.chaos;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Where a process stops itself (SIGSTOP): in the middle of a step, until somebody lets it go on. Safe for every thread. */
final class StoppingPoint {

    private final AtomicReference<@Nullable String> step = new AtomicReference<>();

    /** The next run of this step is to stop the process. */
    void set(String name) {
        step.set(name);
    }

    void reached(String name) throws IOException, InterruptedException {
        if (name.equals(step.get()) && step.getAndSet(null) != null) {
            stop();
        }
    }

    private static void stop() throws IOException, InterruptedException {
        new ProcessBuilder(
                        "kill", "-STOP", Long.toString(ProcessHandle.current().pid()))
                .start()
                .waitFor();
    }
}
