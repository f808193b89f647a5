package dev.backops;

import java.util.Collection;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Which operations to look for, newest first. Immutable.
 *
 * <p>The next page begins behind the last id of this one: {@code search.before(page.get(page.size() - 1).id())}.
 *
 * @param statuses the wanted statuses; empty for all
 * @param limit how many at most, from 1 to 10,000
 * @param before only ids smaller than this
 */
public record Search(Set<Status> statuses, int limit, OptionalLong before) {

    /** The number of operations that a search returns unless asked for more or fewer. */
    public static final int DEFAULT_LIMIT = 100;

    /** The most operations that one search returns. */
    public static final int MAX_LIMIT = 10_000;

    public Search {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be from 1 to " + MAX_LIMIT + ", but is " + limit);
        }
        statuses = Set.copyOf(statuses);
    }

    /** The newest operations, whatever their status. */
    public static Search all() {
        return new Search(Set.of(), DEFAULT_LIMIT, OptionalLong.empty());
    }

    /** The newest operations in any of these statuses; of all where there is none. */
    public static Search of(Status... statuses) {
        return of(Set.of(statuses));
    }

    /** The newest operations in any of these statuses; of all where there is none. */
    public static Search of(Collection<Status> statuses) {
        return new Search(
                statuses.isEmpty() ? Set.of() : EnumSet.copyOf(statuses), DEFAULT_LIMIT, OptionalLong.empty());
    }

    /** The same search with another limit. */
    public Search limit(int newLimit) {
        return new Search(statuses, newLimit, before);
    }

    /** The same search, but only for operations with smaller ids, that is older ones. */
    public Search before(long id) {
        return new Search(statuses, limit, OptionalLong.of(id));
    }
}
