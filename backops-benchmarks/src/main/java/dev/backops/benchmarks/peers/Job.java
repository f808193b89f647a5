package dev.backops.benchmarks.peers;

/** A kind of operation: how many steps it has and what they do. */
enum Job {
    /** Steps that do nothing, so that all that is measured is what the system adds. */
    THREE(3),
    TEN(10),
    /** Each step waits 20 ms, as if for an answer from the network. */
    WAITING(3, 200),
    /** Each step returns 1 KB. */
    OUTPUTS(3),
    /** Each step adds a row to a table of the application, in one transaction with the record that it ran. */
    TRANSACTIONAL(3),
    /** Every tenth step fails the first time. */
    FAILING(3);

    private final int steps;
    private final int concurrency;

    Job(int steps) {
        this(steps, 16);
    }

    Job(int steps, int concurrency) {
        this.steps = steps;
        this.concurrency = concurrency;
    }

    int steps() {
        return steps;
    }

    /** How many steps a process may run at a time. */
    int concurrency() {
        return concurrency;
    }
}
