package dev.backops.examples.subscriptions;

/** Shows how far a run is, now and then, until it is closed. */
interface ProgressDisplay extends AutoCloseable {

    /** Shows that {@code done} of all are done, and a remark, which may be empty. */
    void show(int done, String remark);

    @Override
    void close();
}
