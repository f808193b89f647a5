package dev.backops.benchmarks.peers;

import java.time.Duration;

/**
 * How much is measured.
 *
 * <p>Numbers of operations are those of a fast system; a slow one gets its {@link Entrant#share}.
 */
enum Size {
    FULL(120_000, 100_000, 500, Duration.ofSeconds(5), 1_000_000, 10_000_000, Duration.ofMinutes(10)),
    QUICK(6_000, 20_000, 100, Duration.ofMillis(500), 30_000, 30_000, Duration.ofSeconds(2)),
    /** For the tests of this module: only whether it runs. */
    TINY(120, 1_000, 2, Duration.ofMillis(50), 500, 500, Duration.ofMillis(100));

    private final int operations;
    private final int bulk;
    private final int single;
    private final Duration time;
    private final int backlog;
    private final int finished;
    private final Duration pinned;

    Size(int operations, int bulk, int single, Duration time, int backlog, int finished, Duration pinned) {
        this.operations = operations;
        this.bulk = bulk;
        this.single = single;
        this.time = time;
        this.backlog = backlog;
        this.finished = finished;
        this.pinned = pinned;
    }

    /** How many operations are drained. */
    int operations() {
        return operations;
    }

    /** How many are enqueued in bulk, for every system. */
    int bulk() {
        return bulk;
    }

    /** How many times one operation is run on an idle system, at most. */
    int single() {
        return single;
    }

    /** For how long single enqueues go on, and operations on an idle system. */
    Duration time() {
        return time;
    }

    int backlog() {
        return backlog;
    }

    int finished() {
        return finished;
    }

    /** How long the transaction has been open before the drains that count. */
    Duration pinned() {
        return pinned;
    }
}
