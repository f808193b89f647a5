package dev.backops.examples.subscriptions;

import java.io.PrintStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A line every other second, where the output is kept. */
final class ProgressLines implements ProgressDisplay {

    private static final long PAUSE_NANOS = Duration.ofSeconds(2).toNanos();

    private final PrintStream out;
    private final String title;
    private long lastShown = System.nanoTime();
    private @Nullable Progress last;
    private @Nullable Progress lastPrinted;

    ProgressLines(PrintStream out, String title) {
        this.out = out;
        this.title = title;
    }

    @Override
    public void show(Progress progress) {
        last = progress;
        if (System.nanoTime() - lastShown >= PAUSE_NANOS) {
            print(progress);
        }
    }

    @Override
    public void close() {
        if (last != null) {
            print(last);
        }
    }

    private void print(Progress progress) {
        if (!progress.equals(lastPrinted)) {
            String remarks = progress.remarks();
            out.println(title + " " + progress.ended() + "/" + progress.total()
                    + (remarks.isEmpty() ? "" : " (" + remarks + ")"));
            lastPrinted = progress;
        }
        lastShown = System.nanoTime();
    }
}
