package dev.backops.internal.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.backops.codegen.OperationDefinition;
import dev.backops.internal.store.Database;
import dev.backops.internal.store.DefinitionStore;
import java.util.Optional;

/** The ids under which definitions are stored; a definition that is not stored yet is stored on the way. */
public final class DefinitionIds {

    private final Database database;
    private final DefinitionStore store;
    private final Cache<OperationDefinition, Integer> ids =
            Caffeine.newBuilder().weakKeys().build();

    public DefinitionIds(Database database, DefinitionStore store) {
        this.database = database;
        this.store = store;
    }

    /**
     * The id of a definition. In a transaction of its own: in the caller's, a second enqueuer of a new definition would wait
     * for the end of the first one's transaction.
     */
    public int of(OperationDefinition definition) {
        return ids.get(definition, this::store);
    }

    private int store(OperationDefinition definition) {
        String name = definition.name();
        String fingerprint = DefinitionJson.fingerprint(definition);
        Optional<Integer> stored = database.with(handle -> store.findId(handle, name, fingerprint));
        return stored.orElseGet(() -> {
            database.inTransaction(handle -> store.add(
                    handle,
                    name,
                    fingerprint,
                    DefinitionJson.params(definition),
                    DefinitionJson.steps(definition),
                    definition.steps().size()));
            return database.with(handle -> store.findId(handle, name, fingerprint))
                    .orElseThrow();
        });
    }
}
