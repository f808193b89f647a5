package dev.backops.internal.client;

import dev.backops.AwaitTimeoutException;
import dev.backops.BackOpsConfig;
import dev.backops.BackOpsException;
import dev.backops.ClosedException;
import dev.backops.DatabaseException;
import dev.backops.OperationInfo;
import dev.backops.OperationNotFoundException;
import dev.backops.RepairRefusedException;
import dev.backops.SchemaException;
import dev.backops.Status;
import dev.backops.internal.engine.DefinitionIds;
import dev.backops.internal.engine.Engine;
import dev.backops.internal.engine.Hooks;
import dev.backops.internal.engine.StoredNames;
import dev.backops.internal.schema.Migrations;
import dev.backops.internal.store.Database;
import dev.backops.internal.store.DefinitionStore.DefinitionRow;
import dev.backops.internal.store.Schema;
import dev.backops.internal.store.SchemaStore;
import dev.backops.internal.store.SqlStates;
import dev.backops.internal.store.StepTransaction;
import dev.backops.internal.store.Stores;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/** One open installation: the database, the stores, and the engine. */
public final class Installation {

    /** How often a waiting thread looks whether another process has ended the operation: doubling from the first to the last. */
    private static final Duration FIRST_LOOK = Duration.ofMillis(5);

    private static final Duration LAST_LOOK = Duration.ofSeconds(1);

    private static final String NO_DATA_FOUND = "P0002";

    /** What the repair functions raise: not in the state for it, in use, no such step or output. */
    private static final Set<String> REFUSALS = Set.of("55000", "55006", "22023");

    private final Database database;
    private final Stores stores;
    private final DefinitionIds definitionIds;
    private final Engine engine;
    private final SharedEnqueues sharedEnqueues;
    private volatile boolean closed;

    private Installation(Database database, Stores stores, DefinitionIds definitionIds, Engine engine) {
        this.database = database;
        this.stores = stores;
        this.definitionIds = definitionIds;
        this.engine = engine;
        this.sharedEnqueues = new SharedEnqueues(database, stores.operations());
    }

    /** Brings the schema up to date and opens what lies in it. */
    public static Installation open(
            BackOpsConfig config, DataSource dataSource, DataSource migrations, @Nullable Jdbi stepJdbi, Hooks hooks) {
        Database database = new Database(dataSource, config.transactionPooling());
        Stores stores = Stores.in(new Schema(config.schema()));
        return guarded("BackOps could not be opened", () -> {
            new Migrations(config.schema(), migrations).migrate();
            String installation = readInstallation(config.schema(), database, stores);
            DefinitionIds definitionIds = new DefinitionIds(database, stores.definitions());
            Jdbi steps = StepTransaction.prepared(stepJdbi == null ? database.forSteps() : stepJdbi);
            Engine engine = new Engine(
                    config, database, new Database(migrations), steps, hooks, stores, definitionIds, installation);
            return new Installation(database, stores, definitionIds, engine);
        });
    }

    /** The first look at the tables, by which a role without rights is found out. */
    private static String readInstallation(String schema, Database database, Stores stores) {
        try {
            return database.with(stores.definitions()::installation);
        } catch (JdbiException e) {
            if (!SqlStates.deniesAccess(e)) {
                throw e;
            }
            String role = database.with(new SchemaStore(new Schema(schema))::role);
            throw new SchemaException(
                    "Role " + role + " may not use the tables of schema " + schema + ". Let an administrator run"
                            + " GRANT USAGE ON SCHEMA " + schema + " TO " + role
                            + "; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + " TO " + role
                            + "; GRANT USAGE ON ALL SEQUENCES IN SCHEMA " + schema + " TO " + role + ".",
                    e);
        }
    }

    public Engine engine() {
        requireOpen();
        return engine;
    }

    /** Tells the engine something, unless it has stopped meanwhile, when nobody needs to know. */
    void engineIfOpen(Consumer<Engine> message) {
        if (!closed) {
            message.accept(engine);
        }
    }

    /** Tells listeners of operations that a repair may have ended. */
    public void repaired(Collection<Long> ids) {
        engineIfOpen(open -> open.events().repaired(ids));
    }

    public Stores stores() {
        return stores;
    }

    Database database() {
        return database;
    }

    SharedEnqueues sharedEnqueues() {
        return sharedEnqueues;
    }

    DefinitionIds definitionIds() {
        return definitionIds;
    }

    /** Reads on a connection of its own. */
    public <T> T read(HandleCallback<T, RuntimeException> query) {
        return ask("Operations could not be read", () -> database.with(query));
    }

    /**
     * Searches in a transaction with the settings of the engine: each search is planned with its values and by index, also
     * where the driver prepares statements and the statistics are of yesterday. Inside of a transaction, those reach the
     * right server connection through PgBouncer too.
     */
    public <T> T search(HandleCallback<T, RuntimeException> query) {
        return ask("Operations could not be read", () -> database.inTransaction(query));
    }

    /** What the names of today are in the rows of an operation. */
    public StoredNames names(Handle handle, long id) {
        return definitionIds.namesIn(handle, List.of(id)).keySet().iterator().next();
    }

    /** The name of an operation, and those under which it was stored before and that are stored still. */
    public List<String> storedNames(Handle handle, String name) {
        List<String> names = definitionIds.storedNames(name);
        Set<String> stored = stores.definitions().findByNames(handle, names).stream()
                .map(DefinitionRow::name)
                .collect(Collectors.toSet());
        return names.stream()
                .filter(one -> one.equals(name) || stored.contains(one))
                .toList();
    }

    /** Asks the database for something, with its errors as ours. */
    public <T> T ask(String failure, Supplier<T> work) {
        requireOpen();
        return guarded(failure, work);
    }

    /** Repairs operations in a transaction of its own, and tells the engine to look for them. */
    public <T> T repair(HandleCallback<T, RuntimeException> work) {
        requireOpen();
        try {
            T result = guarded("Operations could not be repaired", () -> database.inTransaction(work));
            // The others hear of it from the repair itself; where nobody can listen, neither does this process.
            engine.signalledReady();
            engine.workIsScheduled();
            engine.stepsMayBeUnwanted();
            return result;
        } catch (DatabaseException e) {
            throw refusal(e);
        }
    }

    private static BackOpsException refusal(DatabaseException error) {
        String state = SqlStates.of(error);
        if (NO_DATA_FOUND.equals(state)) {
            return new OperationNotFoundException(SqlStates.message(error));
        }
        return REFUSALS.contains(String.valueOf(state))
                ? new RepairRefusedException(SqlStates.message(error), error)
                : error;
    }

    /** Waits for the end of an operation. */
    public Status await(long id, Duration timeout) throws InterruptedException {
        long start = System.nanoTime();
        long limit = TimeUnit.NANOSECONDS.convert(timeout);
        Duration look = FIRST_LOOK;
        while (true) {
            CompletableFuture<Void> ended = engine.completions().of(id);
            try {
                Status status = read(handle -> stores.views().status(handle, id))
                        .orElseThrow(() -> new OperationNotFoundException("There is no operation " + id));
                if (status.ended()) {
                    return status;
                }
                long left = limit - (System.nanoTime() - start);
                if (left <= 0) {
                    throw new AwaitTimeoutException(stillRunning(id, status, timeout));
                }
                waitFor(ended, Math.min(left, look.toNanos()));
            } finally {
                engine.completions().forget(id);
            }
            look = look.multipliedBy(2).compareTo(LAST_LOOK) < 0 ? look.multipliedBy(2) : LAST_LOOK;
        }
    }

    private static void waitFor(CompletableFuture<Void> ended, long nanos) throws InterruptedException {
        try {
            ended.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // Another process may have ended it: time to look.
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException("A completion never fails", e);
        }
    }

    private String stillRunning(long id, Status status, Duration timeout) {
        Optional<OperationInfo<Map<String, Object>>> info =
                read(handle -> stores.views().find(handle, id));
        return "Operation " + id + " has not ended after " + timeout + ": it is "
                + info.map(one -> one.status().sql() + " at step " + one.step()).orElse(status.sql());
    }

    /** Stops the engine and takes no more calls. */
    public void close() {
        closed = true;
        engine.stop();
    }

    void requireOpen() {
        if (closed) {
            throw new ClosedException("This BackOps is closed. Enqueue and look before close(), or build another one.");
        }
    }

    private static <T> T guarded(String failure, Supplier<T> work) {
        try {
            return work.get();
        } catch (JdbiException e) {
            throw new DatabaseException(failure + ": " + reason(e), e);
        }
    }

    /** What the driver says, which names the server, and what is behind it, which may name the host. */
    static String reason(Throwable error) {
        Throwable said = error;
        Throwable root = error;
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            said = cause instanceof SQLException || !(said instanceof SQLException) ? cause : said;
            root = cause;
        }
        String message = said.getMessage() == null ? said.getClass().getName() : said.getMessage();
        String detail = root.getMessage();
        return detail == null || message.contains(detail) ? message : message + " (" + root + ")";
    }
}
