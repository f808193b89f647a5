package dev.backops.internal.engine;

import dev.backops.internal.json.Json;
import dev.backops.internal.store.EngineSession;
import dev.backops.internal.store.WorkStore;
import dev.backops.internal.store.WorkerStore;
import java.util.Map;
import java.util.Set;

/**
 * What goes to and from running steps with the heartbeats: the wishes that people have of their operations, and what the
 * steps say of their progress. Costs nothing while no step runs. Used by the thread of the heartbeat.
 */
final class StepNews {

    private final WorkStore work;
    private final WorkerStore workers;
    private final StepRunner runner;

    /** As they are stored, and for which worker. */
    private Map<String, String> notes = Map.of();

    private long notedFor;

    StepNews(WorkStore work, WorkerStore workers, StepRunner runner) {
        this.work = work;
        this.workers = workers;
        this.runner = runner;
    }

    /** Brings and takes what there is for the steps of a worker. */
    void exchange(EngineSession session, long worker) {
        Set<Long> running = runner.running(worker);
        if (!running.isEmpty()) {
            session.use(handle -> work.wishes(handle, worker, running)).forEach(runner::obey);
        }
        Map<String, String> current = runner.notes(worker);
        if (!current.equals(notedFor == worker ? notes : Map.of())) {
            session.run(handle -> workers.note(handle, worker, current.isEmpty() ? null : Json.write(current)));
            notes = current;
            notedFor = worker;
        }
    }
}
