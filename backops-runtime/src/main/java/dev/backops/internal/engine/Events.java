package dev.backops.internal.engine;

import dev.backops.OperationInfo;
import dev.backops.OperationListener;
import dev.backops.Status;
import dev.backops.StepEvent;
import dev.backops.StepFailure;
import dev.backops.internal.store.Database;
import dev.backops.internal.store.ViewStore;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners what has happened, on a thread of its own: listeners are the user's code, and may take their time. */
public final class Events {

    private static final Logger log = LoggerFactory.getLogger(Events.class);

    private static final int MAX_WAITING = 10_000;

    private final List<OperationListener> listeners;
    private final Database database;
    private final ViewStore views;
    private final AtomicBoolean dropping = new AtomicBoolean();
    private final ThreadPoolExecutor thread;

    Events(List<OperationListener> listeners, Database database, ViewStore views) {
        this.listeners = List.copyOf(listeners);
        this.database = database;
        this.views = views;
        thread = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING),
                Threads.daemon("backops-listeners"),
                (task, full) -> drop());
        thread.allowCoreThreadTimeOut(true);
    }

    /** Operations were enqueued, and that is committed. */
    public void enqueued(Collection<Long> ids, String operation) {
        ids.forEach(id -> tell(listener -> listener.enqueued(id, operation)));
    }

    /** Operations may have ended by a repair, at once or when they were given back. */
    public void repaired(Collection<Long> ids) {
        lookUp(ids, (listener, operation) -> {
            if (operation.status() == Status.CANCELLED) {
                listener.operationCancelled(operation.id(), operation.name());
            } else if (operation.status() == Status.COMPLETED || operation.status() == Status.COMPENSATED) {
                listener.operationFinished(operation.id(), operation.name(), operation.status());
            }
        });
    }

    /** Operations were taken from dead workers. */
    void rescued(Collection<Long> ids) {
        lookUp(ids, (listener, operation) -> {
            switch (operation.status()) {
                case FAILED -> listener.operationFailed(operation.id(), operation.name());
                case CANCELLED -> listener.operationCancelled(operation.id(), operation.name());
                default -> listener.operationRescued(operation.id(), operation.name());
            }
        });
    }

    void started(Execution run) {
        StepEvent event = event(run);
        tell(listener -> listener.stepStarted(event));
    }

    /** An attempt is recorded; {@code state} is that of its operation then. */
    void recorded(JournalEntry entry, String state) {
        if (listeners.isEmpty()) {
            return;
        }
        Transition transition = entry.transition();
        StepEvent step = event(transition.run());
        if (transition instanceof Transition.RetryIn retry) {
            failed(step, retry.error(), Optional.of(retry.delay()));
        } else if (transition instanceof Transition.Fail fail) {
            failed(step, fail.error(), Optional.empty());
        } else if (transition instanceof Transition.Compensate compensate) {
            failed(step, compensate.error(), Optional.empty());
        } else {
            Duration took = Duration.ofNanos(entry.ranForNanos());
            tell(listener -> listener.stepFinished(step, took));
        }
        if (state.equals("cancelled")) {
            tell(listener -> listener.operationCancelled(step.operationId(), step.operation()));
        } else if (transition instanceof Transition.End end) {
            tell(listener -> listener.operationFinished(step.operationId(), step.operation(), end.outcome()));
        } else if (transition instanceof Transition.Fail) {
            tell(listener -> listener.operationFailed(step.operationId(), step.operation()));
        }
    }

    private void failed(StepEvent step, ErrorReport error, Optional<Duration> retryIn) {
        StepFailure failure = new StepFailure(error.errorClass(), error.message(), retryIn);
        tell(listener -> listener.stepFailed(step, failure));
    }

    private static StepEvent event(Execution run) {
        return new StepEvent(run.id(), run.definition().name(), run.step().name(), run.attempt());
    }

    /** Tells something of operations of which only the id is known. */
    private void lookUp(Collection<Long> ids, BiConsumer<OperationListener, OperationInfo<Map<String, Object>>> news) {
        if (listeners.isEmpty()) {
            return;
        }
        for (long id : ids) {
            thread.execute(() -> {
                try {
                    database.with(handle -> views.find(handle, id))
                            .ifPresent(found -> tellAll(listener -> news.accept(listener, found)));
                } catch (RuntimeException e) {
                    log.warn("Listeners do not hear of operation {}: it could not be read", id, e);
                }
            });
        }
    }

    private void tell(Consumer<OperationListener> news) {
        if (!listeners.isEmpty()) {
            thread.execute(() -> tellAll(news));
        }
    }

    private void tellAll(Consumer<OperationListener> news) {
        if (thread.getQueue().isEmpty()) {
            dropping.set(false);
        }
        for (OperationListener listener : listeners) {
            try {
                news.accept(listener);
            } catch (RuntimeException | Error e) {
                log.error("Listener {} failed", listener.getClass().getName(), e);
            }
        }
    }

    private void drop() {
        if (!thread.isShutdown() && dropping.compareAndSet(false, true)) {
            log.warn(
                    "Listeners are too slow: {} events wait, and others are dropped until they are heard", MAX_WAITING);
        }
    }

    /** Tells what waits to be told, for as long as the limit allows; nothing is heard afterwards. */
    void close(Duration limit) throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            log.warn(
                    "Listeners have not heard of {} events before the stop",
                    thread.getQueue().size());
            thread.shutdownNow();
        }
    }
}
