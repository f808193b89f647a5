package dev.backops.benchmarks.peers;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Set;
import javax.sql.DataSource;

/** The systems that take part. */
enum Entrant {
    BACKOPS("backops", 1, "as it comes, 16 steps at a time") {
        @Override
        Contender open(DataSource pool, Steps steps) {
            return new BackOpsContender(pool, steps);
        }
    },
    FLOOR(
            "floor",
            1,
            "the statements of BackOps driven by a loop, 500 operations at a time, without anything else of it") {
        @Override
        Contender open(DataSource pool, Steps steps) {
            return new FloorContender(pool, steps, /* loops= */ 1);
        }
    },
    FLOOR_OF_TWO(
            "floor-of-two", 1, "the same driven by two loops, as many connections as BackOps has for its records") {
        @Override
        Contender open(DataSource pool, Steps steps) {
            return new FloorContender(pool, steps, /* loops= */ 2);
        }
    },
    HAND_WRITTEN("hand-written", 4, "16 threads, claims of 10 jobs, one statement and one commit per step") {
        @Override
        Contender open(DataSource pool, Steps steps) throws SQLException {
            return new HandWrittenContender(pool, steps);
        }
    },
    DB_SCHEDULER("db-scheduler", 10, DbSchedulerContender.SETTINGS) {
        @Override
        Contender open(DataSource pool, Steps steps) throws SQLException {
            return new DbSchedulerContender(pool, steps);
        }
    },
    DBOS_DIRECT("dbos-direct", 30, DbosContender.DIRECT) {
        @Override
        Contender open(DataSource pool, Steps steps) {
            return new DbosContender(pool, steps, /* queued= */ false);
        }

        @Override
        boolean queues() {
            return false;
        }
    },
    DBOS_QUEUED("dbos-queued", 30, DbosContender.QUEUED) {
        @Override
        Contender open(DataSource pool, Steps steps) {
            return new DbosContender(pool, steps, /* queued= */ true);
        }
    },
    JOBRUNR("jobrunr", 60, JobRunrContender.SETTINGS) {
        @Override
        Contender open(DataSource pool, Steps steps) {
            return new JobRunrContender(pool, steps);
        }
    };

    /** What a Java team would pick instead. */
    static final Set<Entrant> PEERS = Set.of(DB_SCHEDULER, DBOS_DIRECT, DBOS_QUEUED, JOBRUNR);

    private final String label;
    private final int share;
    private final String settings;

    Entrant(String label, int share, String settings) {
        this.label = label;
        this.share = share;
        this.settings = settings;
    }

    static Entrant of(String label) {
        return Arrays.stream(values())
                .filter(entrant -> entrant.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no system " + label));
    }

    /** Opens the system on a database, and creates its tables where they are missing. */
    abstract Contender open(DataSource pool, Steps steps) throws SQLException;

    String label() {
        return label;
    }

    String settings() {
        return settings;
    }

    /**
     * Whether it takes part in a workload: if it can do what that asks for, and the database for it can be filled in
     * minutes.
     */
    boolean does(Workload workload) {
        return switch (workload) {
            case THREE_STEPS, TEN_STEPS, COSTS -> true;
            case WAITING_STEPS, LARGE_OUTPUTS, FAILING_STEPS, IDLE -> !isFloor();
            case TRANSACTIONAL_STEPS ->
                Set.of(BACKOPS, HAND_WRITTEN, DBOS_DIRECT, DBOS_QUEUED).contains(this);
            case HALF_DELAYED, ENQUEUE -> !isFloor() && this != DBOS_DIRECT;
            case PROCESSES -> this != DBOS_DIRECT;
            case BULK -> Set.of(BACKOPS, HAND_WRITTEN, DB_SCHEDULER, JOBRUNR).contains(this);
            case BACKLOG -> Set.of(BACKOPS, FLOOR, HAND_WRITTEN, DB_SCHEDULER).contains(this);
            case FINISHED -> this == BACKOPS;
            case PINNED -> this == BACKOPS || this == HAND_WRITTEN;
        };
    }

    private boolean isFloor() {
        return this == FLOOR || this == FLOOR_OF_TWO;
    }

    /** Its part of a number of operations, so that a round of a slow system takes no longer than one of a fast system. */
    int share(int operations) {
        return Math.max(1, operations / share);
    }

    /** Whether operations wait in the database until a process starts to run them; else they run as they are enqueued. */
    boolean queues() {
        return true;
    }
}
