package dev.backops.internal.engine;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Tells waiting threads of this process that an operation has ended here, so that they need not poll for it. */
public final class Completions {

    private final Map<Long, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();

    /** Completes when the operation ends in this process, which may be never; ask before looking at the database. */
    public CompletableFuture<Void> of(long id) {
        return waiting.computeIfAbsent(id, unused -> new CompletableFuture<>());
    }

    public void forget(long id) {
        waiting.remove(id);
    }

    void ended(long id) {
        CompletableFuture<Void> future = waiting.remove(id);
        if (future != null) {
            future.complete(null);
        }
    }
}
