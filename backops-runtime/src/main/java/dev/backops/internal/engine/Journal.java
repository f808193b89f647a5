package dev.backops.internal.engine;

import dev.backops.internal.engine.JournalEntry.Kind;
import dev.backops.internal.store.EngineSession;
import dev.backops.internal.store.JournalStore;
import dev.backops.internal.store.JournalStore.AttemptKey;
import dev.backops.internal.store.JournalStore.Held;
import dev.backops.internal.store.SqlStates;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what steps did. One thread takes everything that waits and writes it in one statement and one commit; meanwhile
 * the next batch gathers. So one operation alone is as fast as the disk, and a thousand together share commits.
 *
 * <p>Trouble of the database repeats the whole batch until it is written: rows are guarded, so that a repetition after a
 * commit whose answer was lost changes nothing. Rows that the database refuses for what they hold are found by halving the
 * batch, and fail their own operation.
 *
 * <p>An error of the JVM, say that there is no memory left, ends a round and nothing else: an entry is in {@code waiting} or
 * in {@code unsettled} until somebody has been told what became of it, and what is unsettled is written again.
 */
final class Journal {

    private static final Logger log = LoggerFactory.getLogger(Journal.class);

    private static final int MAX_ROWS = 1_000;
    private static final int MAX_CHARACTERS = 4_000_000;

    /**
     * How long rows that somebody else has locked are left alone if there is nothing else to write, at first and at the
     * longest. Most are locked by the claim of another process, which has come across them a moment too late.
     */
    private static final Duration LOCKED_PAUSE = Duration.ofMillis(1);

    private static final Duration LONGEST_LOCKED_PAUSE = Duration.ofMillis(20);

    /** The state of an operation that the worker has still. */
    static final String RUNNING = "running";

    /** Stands for any state of an operation that was recorded by a statement whose answer was lost, and is not ours now. */
    static final String ELSEWHERE = "elsewhere";

    /** Between an error of the JVM and the next round. */
    private static final Duration ERROR_PAUSE = Duration.ofMillis(100);

    /** How long the statement that runs when the time is up gets to come back. */
    private static final Duration LAST_TRY = Duration.ofSeconds(2);

    private final EngineSession session;
    private final JournalStore store;
    private final Settlement settlement;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by lock, as is {@link #closing}. */
    private final Deque<JournalEntry> waiting = new ArrayDeque<>();

    /** No more entries come, and the thread ends with the last one. */
    private boolean closing;

    /** Nobody waits any longer: what the database does not take now is left to the rescue. */
    private volatile boolean abandoned;

    /** Somebody holds locks on rows of operations; known to the journal's thread alone, as is {@link #unsettled}. */
    private boolean careful;

    private Duration lockedPause = LOCKED_PAUSE;

    /** The entries that are being written, by operation. */
    private final Map<Long, JournalEntry> unsettled = new LinkedHashMap<>();

    Journal(String name, EngineSession session, JournalStore store, Settlement settlement) {
        this.session = session;
        this.store = store;
        this.settlement = settlement;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Leaves an entry to be recorded; returns at once. */
    void add(JournalEntry entry) {
        lock.lock();
        try {
            waiting.addLast(entry);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Writes what is left and ends; no entry may be added any more. Returns at once. */
    void finish() {
        lock.lock();
        try {
            closing = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Finishes, for as long as the limit allows. The thread may end later. */
    void close(Duration limit) throws InterruptedException {
        finish();
        thread.join(Math.max(1, limit.toMillis()));
        abandoned = true;
        // Out of a pause, or out of the wait for a connection.
        thread.interrupt();
        thread.join(LAST_TRY.toMillis());
        if (thread.isAlive()) {
            log.warn("The database does not answer; steps that are not recorded will run again");
        }
    }

    private void run() {
        boolean open = true;
        while (open) {
            try {
                open = take();
                write(List.copyOf(unsettled.values()));
            } catch (RuntimeException | Error e) {
                outlive(e);
            }
        }
        session.close();
        int unrecorded = unrecorded();
        if (unrecorded > 0) {
            log.warn("{} steps could not be recorded before the stop and will run again", unrecorded);
        }
    }

    private static void outlive(Throwable error) {
        try {
            log.error("The journal failed and goes on", error);
            sleep(ERROR_PAUSE);
        } catch (RuntimeException | Error e) {
            // Not even this can be said; the next round is what counts.
            Thread.onSpinWait();
        }
    }

    private int unrecorded() {
        lock.lock();
        try {
            return waiting.size() + unsettled.size();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for an entry and takes all that are there, within limits; false at the end. */
    private boolean take() {
        lock.lock();
        try {
            while (waiting.isEmpty() && unsettled.isEmpty() && !closing) {
                changed.awaitUninterruptibly();
            }
            int size = unsettled.values().stream()
                    .mapToInt(entry -> entry.transition().size())
                    .sum();
            while (!waiting.isEmpty() && unsettled.size() < MAX_ROWS && size < MAX_CHARACTERS) {
                JournalEntry entry = waiting.getFirst();
                unsettled.put(entry.run().id(), entry);
                waiting.removeFirst();
                size += entry.transition().size();
            }
            return !abandoned && !unsettled.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void write(List<JournalEntry> batch) {
        Map<Long, List<JournalEntry>> byWorker = batch.stream()
                .collect(Collectors.groupingBy(entry -> entry.run().worker()));
        byWorker.forEach((worker, entries) -> {
            Map<Kind, List<JournalEntry>> byKind = entries.stream().collect(Collectors.groupingBy(JournalEntry::kind));
            record(worker, byKind.getOrDefault(Kind.FINISHED, List.of()), this::recordFinished);
            record(worker, byKind.getOrDefault(Kind.FAILED, List.of()), this::recordFailed);
            record(worker, byKind.getOrDefault(Kind.COMPENSATED, List.of()), this::recordCompensated);
        });
    }

    private Map<Long, String> recordFinished(Handle handle, long worker, List<JournalEntry> entries) {
        long now = System.nanoTime();
        return store.recordFinished(
                handle,
                worker,
                entries.stream().map(entry -> entry.finishedRow(now)).toList());
    }

    private Map<Long, String> recordFailed(Handle handle, long worker, List<JournalEntry> entries) {
        return store.recordFailed(
                handle, worker, entries.stream().map(JournalEntry::failedRow).toList());
    }

    /** The failure and the move to the failure branch, both or neither. */
    private Map<Long, String> recordCompensated(Handle handle, long worker, List<JournalEntry> entries) {
        return handle.inTransaction(transaction -> {
            Set<Long> held = store.recordLastFailures(
                    transaction,
                    worker,
                    entries.stream().map(JournalEntry::failedRow).toList());
            return recordFinished(
                    transaction,
                    worker,
                    entries.stream()
                            .filter(entry -> held.contains(entry.run().id()))
                            .toList());
        });
    }

    /** Writes entries of one worker and kind, and comes back once the database has answered, or nobody waits for that. */
    private void record(long worker, List<JournalEntry> entries, Statement statement) {
        Duration pause = Duration.ZERO;
        while (!entries.isEmpty() && !abandoned) {
            Answer answer;
            try {
                answer = answer(worker, entries, statement);
            } catch (RuntimeException | Error e) {
                if (SqlStates.blamesContent(e)) {
                    recordApart(worker, entries, statement, e);
                    return;
                }
                if (SqlStates.blamesLock(e) && !careful) {
                    careful = true;
                    continue;
                }
                if (pause.isZero()) {
                    log.warn("{} steps could not be recorded yet; the journal goes on trying", entries.size(), e);
                }
                pause = LoopThread.nextPause(pause, LoopThread.LONGEST_PAUSE);
                sleep(LoopThread.jittered(pause));
                continue;
            }
            // Outside of the try: what those who listen throw must not repeat what they have heard.
            settle(entries, answer);
            return;
        }
    }

    private Answer answer(long worker, List<JournalEntry> entries, Statement statement) {
        Map<Long, String> moved = write(worker, entries, statement);
        return moved.size() == entries.size()
                ? new Answer(moved, Map.of())
                : session.use(handle -> lookUp(handle, worker, entries, moved));
    }

    private Map<Long, String> write(long worker, List<JournalEntry> entries, Statement statement) {
        if (careful) {
            return session.use(handle ->
                    handle.inTransaction(transaction -> recordUnlocked(transaction, worker, entries, statement)));
        }
        HandleCallback<Map<Long, String>, RuntimeException> writing =
                handle -> statement.record(handle, worker, entries);
        boolean alone = entries.size() == 1 && entries.get(0).kind() == Kind.FINISHED;
        return alone ? session.useKeptPlans(writing) : session.use(writing);
    }

    private Answer lookUp(Handle handle, long worker, List<JournalEntry> entries, Map<Long, String> moved) {
        List<AttemptKey> missing = entries.stream()
                .map(JournalEntry::key)
                .filter(key -> !moved.containsKey(key.operationId()))
                .toList();
        Map<Long, Boolean> held = held(handle, worker, missing);
        Map<Long, String> states = new HashMap<>(moved);
        Set<Long> recorded = store.recorded(handle, worker, missing);
        if (!recorded.isEmpty()) {
            // Once more: the lost statement may have taken the operation from us, to its next time or to its end.
            Map<Long, Boolean> heldStill = held(handle, worker, missing);
            recorded.forEach(id -> states.put(id, heldStill.containsKey(id) ? RUNNING : ELSEWHERE));
        }
        return new Answer(states, held);
    }

    private Map<Long, Boolean> held(Handle handle, long worker, List<AttemptKey> attempts) {
        return store.held(handle, worker, attempts).stream().collect(Collectors.toMap(Held::id, Held::changed));
    }

    /**
     * Records entries whose operation nobody has locked. The statement alone skips locked rows of work, but it would wait for
     * those of operations, which nobody locks but people and their scripts.
     */
    private Map<Long, String> recordUnlocked(
            Handle handle, long worker, List<JournalEntry> entries, Statement statement) {
        Set<Long> free = store.lockFree(
                handle, entries.stream().map(entry -> entry.run().id()).toList());
        List<JournalEntry> unlocked = entries.stream()
                .filter(entry -> free.contains(entry.run().id()))
                .toList();
        Map<Long, String> moved = statement.record(handle, worker, unlocked);
        careful = unlocked.size() < entries.size();
        return moved;
    }

    private void settle(Collection<JournalEntry> entries, Answer answer) {
        int again = 0;
        for (JournalEntry entry : entries) {
            long id = entry.run().id();
            String state = answer.states().get(id);
            Boolean changed = answer.held().get(id);
            if (state != null) {
                tell(entry, () -> settlement.recorded(entry, state));
            } else if (changed == null) {
                tell(entry, () -> settlement.lost(entry.run()));
            } else if (changed && entry.kind() != Kind.FAILED) {
                log.error("Operation {} was changed by hand while its step ran; the operation fails", id);
                putBack(entry.changed());
                again++;
            } else {
                putBack(entry);
                again++;
            }
        }
        if (again == entries.size()) {
            sleep(lockedPause);
            lockedPause = LoopThread.nextPause(lockedPause, LONGEST_LOCKED_PAUSE);
        } else {
            lockedPause = LOCKED_PAUSE;
        }
    }

    private void tell(JournalEntry entry, Runnable news) {
        // First of all: nobody is told twice.
        unsettled.remove(entry.run().id());
        try {
            news.run();
        } catch (RuntimeException | Error e) {
            log.error("Operation {} cannot go on in this process", entry.run().id(), e);
        }
    }

    /** Finds the row that the database refuses, by halves, and fails its operation. */
    private void recordApart(long worker, List<JournalEntry> entries, Statement statement, Throwable error) {
        if (entries.size() > 1) {
            int half = entries.size() / 2;
            record(worker, List.copyOf(entries.subList(0, half)), statement);
            record(worker, List.copyOf(entries.subList(half, entries.size())), statement);
            return;
        }
        JournalEntry entry = entries.get(0);
        String state = SqlStates.of(error);
        if (entry.withoutContent()) {
            // Nothing of the user's is left in the row, so this is a fault of ours; nobody else must wait for it.
            log.error(
                    "Operation {} could not be recorded and stays as it is",
                    entry.run().id(),
                    error);
            tell(entry, () -> settlement.lost(entry.run()));
            return;
        }
        // Without the exception, whose message quotes values.
        log.error(
                "PostgreSQL refused the outcome of step {} of operation {} (SQLSTATE {}); the operation fails",
                entry.run().step().name(),
                entry.run().id(),
                state);
        record(worker, List.of(entry.refused(state)), this::recordFailed);
    }

    /** Behind those that have not been tried yet. */
    private void putBack(JournalEntry entry) {
        lock.lock();
        try {
            waiting.addLast(entry);
            unsettled.remove(entry.run().id());
        } finally {
            lock.unlock();
        }
    }

    /** Waits without giving up the batch: an interrupt of this thread means nothing to it. */
    private static void sleep(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            log.debug("The journal's thread was interrupted from outside and goes on", e);
        }
    }

    /** Who hears what became of an entry; called by the journal's thread. */
    interface Settlement {

        /**
         * It is on disk.
         *
         * @param state that of the operation, {@link #RUNNING} where this worker has it still and goes on with it, or {@link
         *     #ELSEWHERE} where it has not and no more is known
         */
        void recorded(JournalEntry entry, String state);

        /** The operation is not this worker's any more, and nothing was recorded. */
        void lost(Execution run);
    }

    /** Writes entries; returns the states of the operations that moved, by id. */
    @FunctionalInterface
    private interface Statement {

        Map<Long, String> record(Handle handle, long worker, List<JournalEntry> entries);
    }

    /**
     * What the database says.
     *
     * @param states the states of the operations whose entry is on disk
     * @param held those of the others that this worker still holds, since somebody has locked or, where true, changed a row
     */
    private record Answer(Map<Long, String> states, Map<Long, Boolean> held) {}
}
