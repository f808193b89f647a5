package dev.backops.testkit;

import dev.backops.Enqueued;
import dev.backops.annotation.KeyScope;
import dev.backops.annotation.Priority;
import dev.backops.internal.engine.DefinitionIds;
import dev.backops.internal.store.Database;
import dev.backops.internal.store.EnqueueOptions;
import dev.backops.internal.store.NewOperation;
import dev.backops.internal.store.Schema;
import dev.backops.internal.store.Stores;
import dev.backops.internal.store.WorkerStore.Knowledge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.postgres.PostgresPlugin;
import org.jspecify.annotations.Nullable;

/** Operations put into the tables of a {@link TestDatabase}, brought to any state, and looked at, by SQL of the test's own. */
public final class Tables {

    public static final Stores STORES = Stores.in(new Schema("backops"));

    /** A lease long enough for every test. */
    public static final Duration LEASE = Duration.ofMinutes(1);

    private final TestDatabase testDatabase;
    private @Nullable Database database;
    private @Nullable Jdbi jdbi;

    /** Usable once the test has begun, and with it its database. */
    public Tables(TestDatabase testDatabase) {
        this.testDatabase = testDatabase;
    }

    public Database database() {
        Database known = database == null ? new Database(testDatabase.dataSource()) : database;
        database = known;
        return known;
    }

    public Jdbi jdbi() {
        Jdbi known = jdbi == null ? testDatabase.jdbi().installPlugin(new PostgresPlugin()) : jdbi;
        jdbi = known;
        return known;
    }

    /** A connection of the test's own; close it. */
    public Handle open() {
        return jdbi().open();
    }

    /** The id of the stored definition of {@link Order}. */
    public int definition() {
        return new DefinitionIds(database(), STORES.definitions()).of(Order.DEFINITION);
    }

    /** Adds ready operations; returns their ids. */
    public List<Long> add(int count) {
        EnqueueOptions options = new EnqueueOptions(
                definition(),
                "orders.order",
                "charge",
                Duration.ZERO,
                "default",
                KeyScope.FOREVER,
                Priority.NORMAL,
                null,
                null);
        List<NewOperation> operations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            operations.add(new NewOperation(options, "{\"number\": " + i + "}", null, null));
        }
        return database().inTransaction(handle -> STORES.operations().enqueue(handle, operations)).stream()
                .map(Enqueued::id)
                .toList();
    }

    /** Adds a ready operation. */
    public long add() {
        return add(1).get(0);
    }

    /** Adds an operation, and sets columns of its work row. */
    public long add(String assignments) {
        long id = add();
        work(id, assignments);
        return id;
    }

    /** Sets columns of a work row. */
    public void work(long id, String assignments) {
        execute("UPDATE backops.work SET " + assignments + " WHERE operation_id = " + id);
    }

    /** Adds a worker with a good lease. */
    public void worker(long id) {
        database().inTransaction(handle -> {
            STORES.workers().register(handle, id, "here", 1, LEASE, new Knowledge(List.of(), Map.of(), List.of()));
            return id;
        });
    }

    public void execute(String sql) {
        jdbi().useHandle(handle -> handle.execute(sql));
    }

    public @Nullable String text(String sql) {
        return jdbi().withHandle(handle ->
                handle.createQuery(sql).mapTo(String.class).findOne().orElse(null));
    }

    public long number(String sql) {
        return jdbi().withHandle(
                        handle -> handle.createQuery(sql).mapTo(Long.class).one());
    }

    public List<Long> numbers(String sql) {
        return jdbi().withHandle(
                        handle -> handle.createQuery(sql).mapTo(Long.class).list());
    }

    public List<Map<String, Object>> rows(String sql) {
        return jdbi().withHandle(handle -> handle.createQuery(sql).mapToMap().list());
    }

    /** What a work row says, in short: {@code ready}, or {@code running by 7, token 2, attempts 1, crashes 0}; null if gone. */
    public @Nullable String work(long id) {
        return text("SELECT state || coalesce(' by ' || worker, '') || ', token ' || token || ', attempts ' || attempts"
                + " || ', crashes ' || crashes FROM backops.work WHERE operation_id = " + id);
    }

    /** What an operation row says, in short: {@code 1 charge}, the steps done and the next one. */
    public @Nullable String operation(long id) {
        return text("SELECT concat_ws(' ', steps_done, next_step, outcome, outputs) FROM backops.operation WHERE id = "
                + id);
    }

    /** Waits until a session waits for a lock that {@code handle} holds. */
    public void awaitBlockedBy(Handle handle) {
        int pid = handle.createQuery("SELECT pg_backend_pid()")
                .mapTo(Integer.class)
                .one();
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .until(() ->
                        number("SELECT count(*) FROM pg_stat_activity WHERE " + pid + " = ANY(pg_blocking_pids(pid))")
                                > 0);
    }
}
