package dev.backops.examples.subscriptions;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * How many columns the terminal has.
 *
 * <p>Asked of {@code stty}. JLine, which the progress bar would ask, takes over the signals of the terminal: after that,
 * Ctrl+C ends the JVM without its shutdown hooks, and nobody stops the database.
 */
final class TerminalWidth {

    private static final int DEFAULT = 80;
    private static final int NARROWEST = 40;
    private static final int LIMIT_SECONDS = 1;

    private TerminalWidth() {}

    static int ask() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!stty.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                stty.destroyForcibly();
                return DEFAULT;
            }
            return parse(new String(stty.getInputStream().readAllBytes(), UTF_8));
        } catch (IOException e) {
            return DEFAULT; // no stty here
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return DEFAULT;
        }
    }

    /** Reads "rows columns"; a terminal that does not know its size says 0. */
    static int parse(String size) {
        String[] parts = size.strip().split(" ", -1);
        return parts.length == 2 && parts[1].matches("\\d{1,4}") && Integer.parseInt(parts[1]) >= NARROWEST
                ? Integer.parseInt(parts[1])
                : DEFAULT;
    }
}
