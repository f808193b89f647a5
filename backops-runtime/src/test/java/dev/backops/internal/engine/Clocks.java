package dev.backops.internal.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;

/** A monotonic clock and a wall clock that go on when the test says so. */
final class Clocks {

    private volatile long nanos;
    private volatile Instant wall = Instant.parse("2026-01-01T00:00:00Z");

    Clocks() {
        this(1_000);
    }

    Clocks(long nanos) {
        this.nanos = nanos;
    }

    /** Time passes, and both clocks see it. */
    synchronized void pass(Duration time) {
        nanos += time.toNanos();
        wall = wall.plus(time);
    }

    /** Somebody sets the wall clock, or the machine sleeps: the monotonic clock stands still. */
    synchronized void setWallForward(Duration time) {
        wall = wall.plus(time);
    }

    long nanos() {
        return nanos;
    }

    Clock wall() {
        InstantSource source = () -> wall;
        return source.withZone(ZoneOffset.UTC);
    }
}
