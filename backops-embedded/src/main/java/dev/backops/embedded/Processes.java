package dev.backops.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Whether processes still run that are not children of this JVM. */
final class Processes {
    private static final Duration PAUSE = Duration.ofMillis(5);

    private Processes() {}

    /**
     * Whether a process runs. One that has ended and waits for its parent to notice does not: in a container that can take
     * for ever, because the parent is whatever happens to be process 1, and {@link ProcessHandle#isAlive} says true.
     */
    static boolean isRunning(ProcessHandle process) {
        return process.isAlive() && !isZombie(process);
    }

    /** Waits for a process to end, by looking: an exit status reaches nobody but the parent. */
    static boolean awaitEnd(ProcessHandle process, Duration limit) {
        long giveUp = System.nanoTime() + limit.toNanos();
        while (isRunning(process)) {
            if (System.nanoTime() - giveUp > 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return true;
    }

    private static boolean isZombie(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return false; // gone meanwhile, or not Linux, where this was not seen
        }
    }
}
