package dev.backops.examples.subscriptions;

import java.io.PrintStream;
import java.time.Duration;

/** A line every other second, where the output is kept. */
final class ProgressLines implements ProgressDisplay {

    private static final long PAUSE_NANOS = Duration.ofSeconds(2).toNanos();

    private final PrintStream out;
    private final String title;
    private final int total;
    private long lastPrint = System.nanoTime();
    private String line = "";
    private String printed = "";

    ProgressLines(PrintStream out, String title, int total) {
        this.out = out;
        this.title = title;
        this.total = total;
    }

    @Override
    public void show(int done, String remark) {
        line = title + " " + done + "/" + total + (remark.isEmpty() ? "" : " (" + remark + ")");
        if (System.nanoTime() - lastPrint >= PAUSE_NANOS) {
            print();
        }
    }

    @Override
    public void close() {
        print();
    }

    private void print() {
        if (!line.equals(printed)) {
            out.println(line);
            printed = line;
        }
        lastPrint = System.nanoTime();
    }
}
