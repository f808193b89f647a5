package dev.backops.benchmarks.peers;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What the steps of one job do in this process, whatever the system that calls them; it counts those that succeeded. */
final class Steps {

    /** The table that transactional steps write to. */
    static final String EFFECTS = "CREATE TABLE effect (number bigint NOT NULL, step int NOT NULL)";

    /** After how long without one more step it counts as stuck. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final long IO_MILLIS = 20;
    private static final int OUTPUT_BYTES = 1024;
    private static final int FAILING = 10;

    private final Job job;
    private final AtomicLong ran = new AtomicLong();
    private final Set<Long> failed = ConcurrentHashMap.newKeySet();
    private volatile long awaited = Long.MAX_VALUE;
    private volatile @Nullable Thread waiter;

    Steps(Job job) {
        this.job = job;
    }

    Job job() {
        return job;
    }

    /**
     * Runs a step.
     *
     * @param step counts from 1
     * @return its output, empty where the job has none
     */
    String run(long number, int step) throws InterruptedException {
        if (job == Job.WAITING) {
            Thread.sleep(IO_MILLIS);
        }
        long place = number * job.steps() + step;
        if (job == Job.FAILING && place % FAILING == 0 && failed.add(place)) {
            throw new IllegalStateException("The first attempt at every tenth step fails");
        }
        String output = job == Job.OUTPUTS ? output(place) : "";
        if (ran.incrementAndGet() == awaited) {
            LockSupport.unpark(waiter);
        }
        return output;
    }

    /** Runs a transactional step on the connection of its transaction. */
    void run(long number, int step, Connection connection) throws SQLException, InterruptedException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO effect VALUES (?, ?)")) {
            insert.setLong(1, number);
            insert.setInt(2, step);
            insert.execute();
        }
        run(number, step);
    }

    /** How many steps succeeded since this was made. */
    long ran() {
        return ran.get();
    }

    /**
     * Waits until so many have succeeded; one thread at a time.
     *
     * @throws IllegalStateException if none succeeds for {@link #PATIENCE}
     */
    void await(long total) {
        waiter = Thread.currentThread();
        awaited = total;
        long last = ran.get();
        long since = System.nanoTime();
        for (long now = last; now < total; now = ran.get()) {
            if (now != last) {
                last = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > PATIENCE.toNanos()) {
                throw new IllegalStateException(
                        "Only " + now + " of " + total + " steps ran, and none since " + PATIENCE);
            }
            LockSupport.parkNanos(this, Duration.ofMillis(1).toNanos());
        }
    }

    /** Hexadecimal of noise, so that compression gains little. */
    private static String output(long place) {
        byte[] noise = new byte[OUTPUT_BYTES / 2];
        new Random(place).nextBytes(noise);
        return HexFormat.of().formatHex(noise);
    }
}
