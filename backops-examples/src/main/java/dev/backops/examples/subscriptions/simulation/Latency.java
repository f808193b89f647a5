package dev.backops.examples.subscriptions.simulation;

import java.time.Duration;
import java.util.concurrent.CancellationException;

/** The time that other systems take. */
final class Latency {

    private Latency() {}

    /** Takes from {@code base} to twice as long, always the same for the same subject. */
    static void simulate(Duration base, Object subject) {
        long spread = Math.floorMod(subject.hashCode() * 0x9E3779B97F4A7C15L, base.toMillis() + 1);
        simulate(base.plusMillis(spread));
    }

    static void simulate(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for an answer");
        }
    }
}
