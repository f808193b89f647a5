package dev.backops.examples.subscriptions;

import java.io.Console;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Where the job writes to: a terminal, or a file or pipe, which gets neither bars nor control characters. */
final class Screen {

    private final PrintStream out;
    private final boolean terminal;
    private final boolean unicode;

    private Screen(PrintStream out, boolean terminal, boolean unicode) {
        this.out = out;
        this.terminal = terminal;
        this.unicode = unicode;
    }

    /** The standard output. */
    @SuppressWarnings("SystemConsoleNull") // isTerminal looks closer
    static Screen standard() {
        Console console = System.console();
        if (console == null || !isTerminal(console) || "dumb".equals(System.getenv("TERM"))) {
            return plain(System.out);
        }
        return new Screen(System.out, /* terminal= */ true, console.charset().equals(StandardCharsets.UTF_8));
    }

    /** A stream that is no terminal. */
    static Screen plain(PrintStream out) {
        return new Screen(out, /* terminal= */ false, /* unicode= */ false);
    }

    /** So many of something, as a reader would say it. */
    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    void print(String line) {
        out.println(line);
    }

    PrintStream out() {
        return out;
    }

    /** Shows progress until it is closed. */
    ProgressDisplay progress(String title, int total) {
        return terminal ? new ProgressBarDisplay(out, title, total, unicode) : new ProgressLines(out, title, total);
    }

    // From Java 22 on there is a console even where nobody sits at it, and a method that tells.
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
