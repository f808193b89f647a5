package dev.backops.examples.subscriptions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Jdbi;

/** The program in a JVM of its own, whose end the test chooses. */
final class ChildJob implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Pattern URL = Pattern.compile("jdbc:postgresql:\\S+");

    private final Process process;
    private final Path output;

    private ChildJob(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts the program; what it prints goes into a file. */
    static ChildJob start(Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // It lives for seconds: the optimising compiler would cost more than it gives.
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FulfillSubscriptions.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        return new ChildJob(process, output);
    }

    /** Waits until the program has printed something. */
    void awaitOutput(String text) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(5))
                .failFast(this::failIfEnded)
                .until(() -> output().contains(text));
    }

    /** Waits until a condition holds in the program's database. */
    void awaitInDatabase(String condition) throws Exception {
        awaitOutput("jdbc:postgresql:");
        Matcher url = URL.matcher(output());
        if (!url.find()) {
            throw new IllegalStateException(output());
        }
        try (var connection = DriverManager.getConnection(url.group());
                var handle = Jdbi.create(connection).open()) {
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(5))
                    .pollInSameThread()
                    .ignoreExceptions() // the tables may not be there yet
                    .failFast(this::failIfEnded)
                    .until(() -> handle.createQuery("SELECT " + condition)
                            .mapTo(Boolean.class)
                            .one());
        }
    }

    private void failIfEnded() {
        if (!process.isAlive()) {
            throw new IllegalStateException("The program has ended:\n" + output());
        }
    }

    /** Ends the program as the OOM killer does: at once, without a word. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** Ends the program as a shutdown does, with SIGTERM. */
    int terminate() throws InterruptedException {
        process.destroy();
        return awaitExit();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("The program does not end:\n" + output());
        }
        return process.exitValue();
    }

    String output() {
        try {
            return Files.readString(output, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
