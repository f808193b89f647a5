package dev.backops.examples.subscriptions;

/** Shows how far a run is, now and then, until it is closed. */
interface ProgressDisplay extends AutoCloseable {

    void show(Progress progress);

    @Override
    void close();
}
