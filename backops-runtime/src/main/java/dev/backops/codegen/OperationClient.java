package dev.backops.codegen;

import dev.backops.Enqueued;
import dev.backops.Search;
import dev.backops.annotation.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/**
 * Enqueues and finds the operations of one definition; the generated {@code XOperation} wraps it and says what each
 * method promises. Immutable: an option returns another client.
 */
public interface OperationClient {

    OperationClient in(Handle handle);

    OperationClient key(String key);

    OperationClient at(Instant time);

    OperationClient after(Duration delay);

    OperationClient priority(Priority priority);

    /** Enqueues one operation; what {@code params} throws becomes an {@code InvalidParamsException}. */
    Enqueued enqueue(Supplier<Values> params);

    /** Enqueues many; the results come in the order of {@code params}. */
    <P> List<Enqueued> enqueueAll(Collection<P> params, Function<P, Values> toValues);

    /** Finds operations of this definition's name. */
    <C> OperationFinder<C> find(Search search, Function<Values, C> toContext);
}
