package dev.backops.internal.client;

import dev.backops.EnqueueException;
import dev.backops.Enqueued;
import dev.backops.internal.store.Database;
import dev.backops.internal.store.NewOperation;
import dev.backops.internal.store.OperationStore;
import dev.backops.internal.store.SqlStates;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Writes what many threads enqueue at the same time together. While one of them writes, the others gather; then one of those
 * writes for all of them, in one statement with one commit. Nobody waits for a timer, so that a lone thread writes at once.
 *
 * <p>For operations without keys alone: a key may wait for somebody's open transaction, and all others would wait with it.
 */
final class SharedEnqueues {

    private final Database database;
    private final OperationStore operations;

    private final Deque<Request> waiting = new ConcurrentLinkedDeque<>();

    /** Whether somebody writes. */
    private final AtomicBoolean writing = new AtomicBoolean();

    SharedEnqueues(Database database, OperationStore operations) {
        this.database = database;
        this.operations = operations;
    }

    /**
     * Adds an operation without a key; once this returns, it is committed. An interrupt does not end the wait for others.
     *
     * @throws JdbiException if it could not be written, as if it had been written alone
     * @throws EnqueueException if the thread that wrote for others died of something else
     */
    Enqueued enqueue(NewOperation operation) {
        Request mine = new Request(operation);
        waiting.add(mine);
        boolean interrupted = false;
        try {
            while (!mine.isDone()) {
                if (writing.compareAndSet(false, true)) {
                    try {
                        if (!mine.isDone()) {
                            write(withOthers(mine));
                        }
                    } finally {
                        writing.set(false);
                        wakeNext();
                    }
                } else {
                    LockSupport.park(this);
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return mine.answer();
    }

    /** Takes one's own request, and those of others as they came. */
    private List<Request> withOthers(Request mine) {
        waiting.remove(mine);
        List<Request> batch = new ArrayList<>(List.of(mine));
        while (batch.size() < OperationStore.BATCH) {
            Request other = waiting.poll();
            if (other == null) {
                break;
            }
            batch.add(other);
        }
        return batch;
    }

    /** Writes requests, of which the first is one's own. */
    private void write(List<Request> batch) {
        try {
            List<Enqueued> answers = database.with(handle -> operations.enqueueAlone(
                    handle, batch.stream().map(Request::operation).toList()));
            for (int i = 0; i < answers.size(); i++) {
                batch.get(i).succeed(answers.get(i));
            }
        } catch (JdbiException e) {
            List<Request> others = batch.subList(1, batch.size());
            if (!others.isEmpty() && SqlStates.blamesContent(e)) {
                // Nothing was written, and who is to blame shows when each is written alone.
                batch.forEach(request -> write(List.of(request)));
            } else if (e instanceof ConnectionException
                    && Thread.currentThread().isInterrupted()) {
                // It had no connection yet, and the others were not interrupted.
                batch.get(0).fail(e);
                for (int i = others.size() - 1; i >= 0; i--) {
                    waiting.addFirst(others.get(i));
                }
            } else {
                batch.forEach(request -> request.fail(e));
            }
        } catch (RuntimeException | Error e) {
            batch.stream()
                    .filter(request -> !request.isDone())
                    .forEach(request -> request.fail(new EnqueueException(
                            "An operation was written together with those of other threads, and that failed. It may have"
                                    + " been enqueued all the same; with a key it is safe to enqueue again.",
                            e)));
            throw e;
        }
    }

    /** If it leaves before it was woken, it has been written, or somebody else writes and wakes the next one. */
    private void wakeNext() {
        Request next = waiting.peek();
        if (next != null) {
            LockSupport.unpark(next.thread);
        }
    }

    /** What one thread wants to enqueue, and what became of it. */
    private static final class Request {

        private final NewOperation operation;
        private final Thread thread = Thread.currentThread();
        private volatile @Nullable Enqueued enqueued;
        private volatile @Nullable RuntimeException failure;

        Request(NewOperation operation) {
            this.operation = operation;
        }

        NewOperation operation() {
            return operation;
        }

        boolean isDone() {
            return enqueued != null || failure != null;
        }

        Enqueued answer() {
            Enqueued answer = enqueued;
            if (answer != null) {
                return answer;
            }
            throw failure == null ? new IllegalStateException("There is no answer yet") : failure;
        }

        void succeed(Enqueued answer) {
            enqueued = answer;
            LockSupport.unpark(thread);
        }

        void fail(RuntimeException error) {
            failure = error;
            LockSupport.unpark(thread);
        }
    }
}
