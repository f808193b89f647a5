package dev.backops.examples.subscriptions;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar that moves. */
final class ProgressBarDisplay implements ProgressDisplay {

    private static final int UPDATE_MILLIS = 100;

    private final ProgressBar bar;

    ProgressBarDisplay(PrintStream out, String title, int total, boolean unicode) {
        bar = new ProgressBarBuilder()
                .setTaskName(title)
                .setInitialMax(total)
                .setStyle(unicode ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .hideEta()
                .setConsumer(new ConsoleProgressBarConsumer(out, TerminalWidth.ask() - 1))
                .build();
    }

    @Override
    public void show(int done, String remark) {
        bar.stepTo(done);
        bar.setExtraMessage(remark);
    }

    @Override
    public void close() {
        bar.close();
    }
}
