package dev.backops.benchmarks.peers;

import java.util.Arrays;

/** What is measured; each takes databases of its own. */
enum Workload {
    THREE_STEPS("three-steps", "operations of three steps that do nothing are drained"),
    TEN_STEPS("ten-steps", "the same with ten steps"),
    WAITING_STEPS("waiting-steps", "three steps of 20 ms each, 200 at a time"),
    LARGE_OUTPUTS("large-outputs", "three steps that return 1 KB each"),
    TRANSACTIONAL_STEPS("transactional-steps", "three steps with a row of the application in the same transaction"),
    FAILING_STEPS("failing-steps", "every tenth step fails the first time"),
    HALF_DELAYED("half-delayed", "as many operations again are due in an hour"),
    ENQUEUE("enqueue", "single enqueues from 1, 4 and 32 threads"),
    BULK("bulk", "enqueued in bulk"),
    IDLE("idle", "one operation at a time: from the enqueue to its last step recorded"),
    PROCESSES("processes", "drained by one and by three processes of their own, second half"),
    COSTS("costs", "what an operation of three steps takes of the database and of the JVM"),
    BACKLOG("backlog", "drained from the front of a large backlog", /* large= */ true),
    FINISHED("finished", "drained beside many finished operations, and pages of a list there", /* large= */ true),
    PINNED("pinned", "drained for long, with and without a transaction that stays open", /* large= */ true);

    private final String label;
    private final String meaning;
    private final boolean large;

    Workload(String label, String meaning) {
        this(label, meaning, /* large= */ false);
    }

    Workload(String label, String meaning, boolean large) {
        this.label = label;
        this.meaning = meaning;
        this.large = large;
    }

    static Workload of(String label) {
        return Arrays.stream(values())
                .filter(workload -> workload.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no workload " + label));
    }

    String label() {
        return label;
    }

    String meaning() {
        return meaning;
    }

    /** Whether it takes so long to prepare that it is prepared once, and measured there in place of all rounds. */
    boolean large() {
        return large;
    }
}
