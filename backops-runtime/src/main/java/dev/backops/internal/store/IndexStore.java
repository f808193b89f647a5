package dev.backops.internal.store;

import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/** Statements that build indexes of params, on a connection that is in no transaction and stays the same. */
public final class IndexStore {

    private static final String IS_VALID = """
            SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass(:name) AND indisvalid
            """;

    /* What a build that broke off has left; one that is being built by hand is invalid too, and left alone. */
    private static final String IS_LEFT_OVER = """
            SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass(:name) AND NOT indisvalid
              AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = indexrelid)
            """;

    /* Never the waiting form: a build waits for everybody's snapshot, that of a waiter too, and so they would wait for each other. */
    private static final String TRY_LOCK = """
            SELECT pg_try_advisory_lock(hashtextextended('${schema} param indexes', 0))
            """;

    private static final String UNLOCK = """
            SELECT pg_advisory_unlock(hashtextextended('${schema} param indexes', 0))
            """;

    /* A build may take hours, but must not wait for hours for somebody's transaction: it holds dead rows back meanwhile. */
    private static final String BE_PATIENT = """
            SELECT set_config('lock_timeout', :lockTimeout, false), set_config('statement_timeout', :statementTimeout, false)
            """;

    private static final String PATIENCE = """
            SELECT name, setting FROM pg_settings WHERE name IN ('lock_timeout', 'statement_timeout') ORDER BY name
            """;

    private static final String DROP = """
            DROP INDEX CONCURRENTLY IF EXISTS ${schema}.
            """;

    private final String schema;
    private final String tryLock;
    private final String unlock;
    private final String drop;

    public IndexStore(Schema schema) {
        this.schema = schema.name();
        tryLock = schema.in(TRY_LOCK);
        unlock = schema.in(UNLOCK);
        drop = schema.in(DROP).strip();
    }

    /** Whether searches can use an index. */
    public boolean isValid(Handle handle, ParamIndex index) {
        return count(handle, IS_VALID, index) > 0;
    }

    /** Does something while nobody else in this schema does; returns whether it was done. */
    public boolean alone(Handle handle, Consumer<Handle> work) {
        if (!handle.createQuery(tryLock).mapTo(Boolean.class).one()) {
            return false;
        }
        List<String> before = handle.createQuery(PATIENCE)
                .map((row, context) -> row.getString("setting"))
                .list();
        try {
            bePatient(handle, "60s", "0");
            work.accept(handle);
            return true;
        } finally {
            bePatient(handle, before.get(0), before.get(1));
            handle.createQuery(unlock).mapTo(Boolean.class).one();
        }
    }

    /** Builds an index in the place of what an attempt before may have left. */
    public void build(Handle handle, ParamIndex index) {
        if (count(handle, IS_LEFT_OVER, index) > 0) {
            handle.execute(drop + index.indexName());
        }
        handle.execute(index.statement(schema));
    }

    /** The statement with which somebody can build it. */
    public String statement(ParamIndex index) {
        return index.statement(schema);
    }

    private long count(Handle handle, String question, ParamIndex index) {
        return handle.createQuery(question)
                .bind("name", schema + "." + index.indexName())
                .mapTo(Long.class)
                .one();
    }

    private static void bePatient(Handle handle, String lockTimeout, String statementTimeout) {
        handle.createQuery(BE_PATIENT)
                .bind("lockTimeout", lockTimeout)
                .bind("statementTimeout", statementTimeout)
                .map((row, context) -> row.getString(1))
                .one();
    }
}
