package dev.backops.internal.engine;

import dev.backops.internal.store.Database;
import dev.backops.internal.store.IndexStore;
import dev.backops.internal.store.ParamIndex;
import dev.backops.internal.store.SqlStates;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds the indexes that params ask for, once, beside everything else; one process at a time. */
final class IndexLoop {

    private static final Logger log = LoggerFactory.getLogger(IndexLoop.class);

    /** How long to leave a build to the process that has begun it, before looking whether it came to an end. */
    private static final Duration OTHERS_TURN = Duration.ofMinutes(1);

    private final Database direct;
    private final IndexStore store;
    private final Registry registry;

    IndexLoop(Database direct, IndexStore store, Registry registry) {
        this.direct = direct;
        this.store = store;
        this.registry = registry;
    }

    /** Builds what is missing; returns how long to wait before looking again. */
    Duration runOnce() {
        List<ParamIndex> wanted = registry.operations().stream()
                .flatMap(steps -> ParamIndex.of(steps.definition()).stream())
                .toList();
        if (wanted.isEmpty()) {
            return LoopThread.untilWoken();
        }
        List<ParamIndex> missing = direct.with(handle ->
                wanted.stream().filter(index -> !store.isValid(handle, index)).toList());
        if (missing.isEmpty()) {
            return LoopThread.untilWoken();
        }
        try {
            boolean done = direct.with(handle -> store.alone(
                    handle,
                    own -> missing.stream()
                            .filter(index -> !store.isValid(own, index))
                            .forEach(index -> {
                                log.info("Building index {}", index.indexName());
                                store.build(own, index);
                            })));
            return done ? LoopThread.untilWoken() : LoopThread.jittered(OTHERS_TURN);
        } catch (RuntimeException e) {
            if (!SqlStates.deniesAccess(e)) {
                throw e;
            }
            log.warn(
                    "The role may not create indexes, so searches by @Indexed params are slow. Let the owner of the tables run:\n{}",
                    String.join(";\n", missing.stream().map(store::statement).toList()) + ";");
            return LoopThread.untilWoken();
        }
    }
}
