package dev.backops.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Another JVM that has a database open, and whose end the test chooses. */
final class ChildJvm implements AutoCloseable {
    private static final String OPEN = "open ";

    private final Process process;
    private final BufferedReader output;

    private ChildJvm(Process process) {
        this.process = process;
        this.output = process.inputReader(UTF_8);
    }

    static ChildJvm start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), DatabaseOwner.class.getName()));
        command.addAll(List.of(arguments));
        return new ChildJvm(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Waits until the database is open and returns the server's data directory. */
    Path awaitOpen() throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(OPEN)) {
                return Path.of(line.substring(OPEN.length()));
            }
            said.append(line).append('\n');
        }
        throw new IOException("The child ended without opening a database:\n" + said);
    }

    /** Reads what the child says until it ends, as one must that cannot open its database. */
    String awaitFailure() throws Exception {
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            assertThat(line).doesNotStartWith(OPEN);
            said.append(line).append('\n');
        }
        awaitExit();
        return said.toString();
    }

    void exit() throws Exception {
        process.getOutputStream().write('\n');
        process.getOutputStream().close();
        awaitExit();
    }

    void terminate() throws Exception {
        process.destroy();
        awaitExit();
    }

    void kill() throws Exception {
        process.destroyForcibly();
        awaitExit();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void awaitExit() throws InterruptedException, ExecutionException, TimeoutException {
        process.onExit().get(30, TimeUnit.SECONDS);
    }
}
