package dev.backops.benchmarks.peers;

import dev.backops.annotation.Priority;
import dev.backops.internal.store.Database;
import dev.backops.internal.store.DefinitionStore.DefinitionRow;
import dev.backops.internal.store.EngineSession;
import dev.backops.internal.store.JournalStore.Attempt;
import dev.backops.internal.store.JournalStore.AttemptKey;
import dev.backops.internal.store.JournalStore.FinishedRow;
import dev.backops.internal.store.JournalStore.Next;
import dev.backops.internal.store.Schema;
import dev.backops.internal.store.Stores;
import dev.backops.internal.store.WorkStore.Claim;
import dev.backops.internal.store.WorkStore.Cursor;
import dev.backops.internal.store.WorkStore.Room;
import dev.backops.internal.store.WorkerStore.Knowledge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * The statements of BackOps without BackOps: loops claim a batch, and record step after step of the whole batch. No
 * params are read, no step waits for a thread, no operation for another one; so nothing that uses these statements is
 * expected to be much faster.
 */
final class FloorContender implements Contender {

    private static final int BATCH = 500;
    private static final int TRIES = 1_000;
    private static final Duration LEASE = Duration.ofHours(1);

    private final BackOpsContender client;
    private final Steps steps;
    private final int loops;
    private final Database database;
    private final Stores stores = Stores.in(new Schema("backops"));
    private final long worker = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    FloorContender(DataSource pool, Steps steps, int loops) {
        this.client = new BackOpsContender(pool, steps);
        this.steps = steps;
        this.loops = loops;
        this.database = new Database(pool);
    }

    @Override
    public void enqueue(long number) {
        client.enqueue(number);
    }

    @Override
    public void enqueueAll(long first, int count, Duration delay) {
        client.enqueueAll(first, count, delay);
    }

    @Override
    public void start() {
        String name = steps.job() == Job.TEN ? "benchmarks.ten-steps" : "benchmarks.three-steps";
        List<Integer> definitions =
                database.with(handle -> stores.definitions().findByNames(handle, List.of(name))).stream()
                        .map(DefinitionRow::id)
                        .toList();
        database.with(handle -> {
            stores.workers().register(handle, worker, "", 0, LEASE, new Knowledge(definitions, Map.of(), List.of()));
            return worker;
        });
        for (int i = 0; i < loops; i++) {
            Thread thread = new Thread(() -> work(definitions), "floor-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    private void work(List<Integer> definitions) {
        Cursor start = Cursor.start("default", Priority.NORMAL.rank());
        try (EngineSession session = database.session()) {
            Cursor from = start;
            while (!closed) {
                List<Claim> claims = claim(session, definitions, from);
                if (claims.isEmpty() && from.equals(start)) {
                    LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
                }
                from = claims.stream().map(Claim::cursor).max(Cursor::compareTo).orElse(start);
                for (int step = 1; step <= steps.job().steps() && !claims.isEmpty(); step++) {
                    record(session, claims, step);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Claim> claim(EngineSession session, List<Integer> definitions, Cursor from) {
        return session.use(handle -> handle.inTransaction(transaction -> stores.work()
                .claim(transaction, worker, definitions, List.of(new Room(List.of(from), BATCH)), /* suspects= */ 0)));
    }

    private void record(EngineSession session, List<Claim> claims, int step) throws InterruptedException {
        boolean last = step == steps.job().steps();
        List<FinishedRow> rows = new ArrayList<>();
        for (Claim claim : claims) {
            steps.run(claim.operationId(), step);
            AttemptKey key = new AttemptKey(claim.operationId(), claim.token(), step - 1);
            rows.add(new FinishedRow(
                    new Attempt(key, "step" + step, /* number= */ 1),
                    "completed",
                    last ? null : new Next("step" + (step + 1), /* runInMicros= */ 0, /* runAt= */ null),
                    /* compensating= */ false,
                    last ? "completed" : null,
                    /* outputs= */ null,
                    /* finalOutputs= */ null,
                    /* ranForMicros= */ 0,
                    /* endedAgoMicros= */ 0));
        }
        List<FinishedRow> left = rows;
        for (int tries = 0; !left.isEmpty(); tries++) {
            if (tries == TRIES) {
                throw new IllegalStateException(left.size() + " of " + rows.size() + " rows do not move");
            }
            // The claim of another loop may have locked some, which it has come across a moment too late.
            List<FinishedRow> written = left;
            Set<Long> moved = session.use(handle -> stores.journal().recordFinished(handle, worker, written))
                    .keySet();
            left = written.stream()
                    .filter(row -> !moved.contains(row.attempt().key().operationId()))
                    .toList();
        }
    }

    @Override
    public String pending() {
        return client.pending();
    }

    @Override
    public String recorded() {
        return client.recorded();
    }

    @Override
    public void close() {
        closed = true;
        InParallel.join(threads);
        client.close();
    }
}
