package dev.backops.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** What was done and what came of it, kept for reading. Safe for every thread. */
final class History implements AutoCloseable {

    private final PrintWriter out;

    History(Path directory) throws IOException {
        Files.createDirectories(directory);
        out = new PrintWriter(Files.newBufferedWriter(directory.resolve("history.log"), UTF_8), /* autoFlush= */ true);
    }

    synchronized void note(String what) {
        out.println(Instant.now() + " " + what);
    }

    /** Notes something that the one who waits for the end is to see as well. */
    void say(String what) {
        System.out.println(what);
        note(what);
    }

    synchronized void note(String what, Throwable error) {
        note(what);
        error.printStackTrace(out);
    }

    @Override
    public void close() {
        out.close();
    }
}
