package dev.backops;

import dev.backops.internal.json.Storable;
import java.time.Duration;
import java.util.Map;

/**
 * The settings of a {@link BackOps}; see the methods of {@link BackOps.Builder} for what each means.
 *
 * @param schema the schema that holds the tables
 * @param concurrency how many steps this process runs at a time
 * @param queues how many steps it runs at a time of each queue that has a number of its own
 * @param lease after how long without a heartbeat a process counts as dead
 * @param pollInterval how often an idle process looks for work that nobody told it of
 * @param transactionPooling whether connections share sessions of PostgreSQL with others
 * @param gracePeriod how long running steps may go on after {@link BackOps#close}
 * @param keep how long operations are kept once they have ended so; for ever where nothing is said
 */
public record BackOpsConfig(
        String schema,
        int concurrency,
        Map<String, Integer> queues,
        Duration lease,
        Duration pollInterval,
        boolean transactionPooling,
        Duration gracePeriod,
        Map<Status, Duration> keep) {

    /** The default of {@link BackOps.Builder#schema}. */
    public static final String DEFAULT_SCHEMA = "backops";

    /** The default of {@link BackOps.Builder#concurrency}. */
    public static final int DEFAULT_CONCURRENCY = 16;

    /** The default of {@link BackOps.Builder#lease}. */
    public static final Duration DEFAULT_LEASE = Duration.ofSeconds(15);

    /** The default of {@link BackOps.Builder#pollInterval}. */
    public static final Duration DEFAULT_POLL_INTERVAL = Duration.ofSeconds(1);

    /** The same with {@link BackOps.Builder#transactionPooling}: an idle process stays below one transaction a second. */
    public static final Duration DEFAULT_POOLED_POLL_INTERVAL = Duration.ofSeconds(4);

    /** The default of {@link BackOps.Builder#gracePeriod}. */
    public static final Duration DEFAULT_GRACE_PERIOD = Duration.ofSeconds(20);

    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(3);
    private static final Duration LONGEST_LEASE = Duration.ofHours(1);
    private static final Duration SHORTEST_POLL_INTERVAL = Duration.ofMillis(10);
    private static final Duration LONGEST_POLL_INTERVAL = Duration.ofMinutes(1);
    private static final Duration LONGEST_KEPT = Duration.ofDays(36_500);
    private static final int MAX_CONCURRENCY = 10_000;

    public BackOpsConfig {
        if (!schema.matches("[a-z_][a-z0-9_]{0,62}") || schema.startsWith("pg_")) {
            throw new IllegalArgumentException("schema must be a lower-case SQL name of at most 63 letters, digits and"
                    + " _, not beginning with pg_, but is \"" + schema + "\"");
        }
        if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
            throw new IllegalArgumentException(
                    "concurrency must be from 1 to " + MAX_CONCURRENCY + ", but is " + concurrency);
        }
        queues = Map.copyOf(queues);
        queues.forEach(BackOpsConfig::checkQueue);
        check("lease", lease, SHORTEST_LEASE, LONGEST_LEASE);
        check("pollInterval", pollInterval, SHORTEST_POLL_INTERVAL, LONGEST_POLL_INTERVAL);
        check("gracePeriod", gracePeriod, Duration.ZERO, Duration.ofDays(1));
        keep = Map.copyOf(keep);
        keep.forEach(BackOpsConfig::checkKept);
    }

    private static void checkQueue(String name, int concurrency) {
        String unused = Storable.name("queue", name);
        if (concurrency < 0 || concurrency > MAX_CONCURRENCY) {
            throw new IllegalArgumentException("queue(\"" + name + "\", …) must be from 0 to " + MAX_CONCURRENCY
                    + " steps at a time, but is " + concurrency);
        }
    }

    private static void checkKept(Status status, Duration age) {
        if (!status.ended() || status == Status.FAILED) {
            throw new IllegalArgumentException(
                    "keep takes completed, compensated or cancelled operations; those that are " + status.sql()
                            + " stay until somebody decides");
        }
        check("keep(" + status + ")", age, Duration.ZERO, LONGEST_KEPT);
    }

    private static void check(String name, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(name + " must be from " + min + " to " + max + ", but is " + value);
        }
    }
}
