package dev.backops.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** JVMs of their own that run orders. None outlives its test, and what they said is shown where the test fails. */
public final class WorkerProcesses implements AfterEachCallback, AutoCloseable {

    /** The number of the order that {@link #startVulnerable} is about. */
    public static final long DEADLY = WorkerMain.DEADLY;

    /** What a program prints once it runs operations. */
    public static final String STARTED = "started";

    private static final Duration LONG = Duration.ofSeconds(60);

    private final @Nullable Path logs;
    private final List<Worker> started = new ArrayList<>();

    public WorkerProcesses() {
        logs = null;
    }

    /** Those whose logs are kept in a directory; close it. */
    public WorkerProcesses(Path logs) {
        this.logs = logs;
    }

    /** Starts a worker whose steps note their calls and take up to {@code longestStep}; does not wait for it. */
    public Worker start(String jdbcUrl, Duration longestStep) {
        return start(jdbcUrl, longestStep, "none");
    }

    /** Starts a worker that dies in a step, after the step has done its work. */
    public Worker start(String jdbcUrl, Duration longestStep, String dieIn) {
        return start(jdbcUrl, longestStep, dieIn, Duration.ofSeconds(3));
    }

    /** Starts a worker that dies in the first step of the order {@link #DEADLY}, whenever it runs that. */
    public Worker startVulnerable(String jdbcUrl) {
        return start(jdbcUrl, Duration.ZERO, "charge!");
    }

    /** Starts a worker with another lease than the shortest. */
    public Worker start(String jdbcUrl, Duration longestStep, String dieIn, Duration lease) {
        return start(
                WorkerMain.class,
                jdbcUrl,
                Long.toString(longestStep.toMillis()),
                dieIn,
                Long.toString(lease.toMillis()));
    }

    /** Starts a worker that reaches a database through a PgBouncer. */
    public Worker startBehind(PgBouncer pooler, String jdbcUrl, Duration longestStep) {
        return start(
                WorkerMain.class, pooler.jdbcUrl(), Long.toString(longestStep.toMillis()), "none", "3000", jdbcUrl);
    }

    /** Starts another program, which prints {@link #STARTED} and ends with its input. */
    public Worker start(Class<?> main, String... arguments) {
        try {
            Path log = logs == null
                    ? Files.createTempFile("backops-worker", ".log")
                    : Files.createTempFile(logs, "worker", ".log");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    main.getName()));
            command.addAll(List.of(arguments));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Worker worker = new Worker(process, log);
            started.add(worker);
            return worker;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (Worker worker : started) {
            worker.kill();
            if (context.getExecutionException().isPresent()) {
                System.out.println("Worker " + worker.pid() + " said:\n" + worker.said());
            }
            Files.deleteIfExists(worker.log);
        }
        started.clear();
    }

    /** Kills those that are left. */
    @Override
    public void close() {
        for (Worker worker : started) {
            // Of one that ended long ago, onExit() waits for whatever process has its id now.
            if (worker.isAlive()) {
                CompletableFuture<Process> end = worker.process.onExit();
                worker.strike();
                end.join();
            }
        }
        started.clear();
    }

    /** One of the processes. */
    public static final class Worker {

        private final Process process;
        private final Path log;

        private Worker(Process process, Path log) {
            this.process = process;
            this.log = log;
        }

        public long pid() {
            return process.pid();
        }

        /** Waits until it runs operations. */
        public Worker awaitStart() {
            Awaitility.await("start of worker " + pid())
                    .atMost(LONG)
                    .failFast("it ended", () -> !process.isAlive())
                    .until(this::hasStarted);
            return this;
        }

        /** SIGKILL. */
        public void kill() throws InterruptedException {
            process.destroyForcibly();
            awaitEnd();
        }

        /** SIGKILL, without waiting for the end. */
        public void strike() {
            process.destroyForcibly();
        }

        /** Whether it runs operations, or did before it ended. */
        public boolean hasStarted() {
            return said().contains(STARTED);
        }

        public boolean isAlive() {
            return process.isAlive();
        }

        /** Says a line to it. */
        public void say(String line) throws IOException {
            OutputStream input = process.getOutputStream();
            input.write((line + "\n").getBytes(UTF_8));
            input.flush();
        }

        /** Lets it close its BackOps and end, and does not wait for that. */
        public void endInput() throws IOException {
            process.getOutputStream().close();
        }

        /** Lets it close its BackOps and end. */
        public void close() throws InterruptedException, IOException {
            endInput();
            awaitEnd();
        }

        /** SIGSTOP: the process freezes, its connections stay open. */
        public void freeze() throws InterruptedException, IOException {
            signal("-STOP");
        }

        /** SIGCONT. */
        public void thaw() throws InterruptedException, IOException {
            signal("-CONT");
        }

        /** Waits for its end. */
        public int awaitEnd() throws InterruptedException {
            return process.waitFor();
        }

        /** Everything it printed so far. */
        public String said() {
            try {
                return Files.readString(log, UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void signal(String name) throws InterruptedException, IOException {
            int result = new ProcessBuilder("kill", name, Long.toString(pid()))
                    .start()
                    .waitFor();
            if (result != 0) {
                throw new IOException("kill " + name + " " + pid() + " returned " + result);
            }
        }
    }
}
