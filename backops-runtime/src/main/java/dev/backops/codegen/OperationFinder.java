package dev.backops.codegen;

import dev.backops.OperationInfo;
import dev.backops.Repairs;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A search for operations of one name; the generated finder wraps it. Immutable: {@code where} returns another finder.
 *
 * @param <C> the generated context
 */
public interface OperationFinder<C> {

    /**
     * Only operations with this value of a param or an output; null finds those without one. The default of a param is no
     * value of operations from before it existed.
     */
    <T> OperationFinder<C> where(Field<T> field, @Nullable T value);

    /** The operations found, newest first, as many as the search's limit allows. */
    List<OperationInfo<C>> list();

    /** The newest one. */
    Optional<OperationInfo<C>> first();

    /** How many there are, whatever the search's limit. */
    long count();

    /** Repairs those found, as many as the search's limit allows. */
    Repairs repair();
}
