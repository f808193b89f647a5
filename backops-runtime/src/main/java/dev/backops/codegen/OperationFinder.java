package dev.backops.codegen;

import dev.backops.OperationInfo;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A search for operations of one name; the generated finder wraps it. Immutable: {@code where} returns another finder.
 *
 * @param <C> the generated context
 */
public interface OperationFinder<C> {

    /** Only operations enqueued with this value; null finds those enqueued without one. */
    <T> OperationFinder<C> where(Field<T> param, @Nullable T value);

    /** The operations found, newest first, as many as the search's limit allows. */
    List<OperationInfo<C>> list();

    /** The newest one. */
    Optional<OperationInfo<C>> first();

    /** How many there are, whatever the search's limit. */
    long count();

    /** Resumes those found that failed, as many as the search's limit allows; returns how many. */
    int resume();
}
