package dev.backops.internal.engine;

import dev.backops.StoredValueException;
import dev.backops.codegen.StepDefinition;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When a step may run: the later of the two.
 *
 * @param delay how long after the record of the previous step
 * @param at a time, or null
 */
public record StartTime(Duration delay, @Nullable Instant at) {

    /** At once. */
    static final StartTime NOW = new StartTime(Duration.ZERO, null);

    /** Late enough that many such operations are one look. */
    static final Duration SOON = Duration.ofMillis(100);

    /**
     * When a step may run, by its declaration and the values at hand.
     *
     * @throws StoredValueException if the value that says when is not a time
     */
    public static StartTime of(StepDefinition step, Map<String, Object> values) {
        Object at = step.at() == null ? null : values.get(step.at());
        if (at == null) {
            return step.startsAtOnce() ? NOW : new StartTime(step.delay(), null);
        }
        try {
            // An instant and an offset time are written like a zoned time without a region.
            return new StartTime(step.delay(), ZonedDateTime.parse((String) at).toInstant());
        } catch (DateTimeParseException | ClassCastException e) {
            throw new StoredValueException("The stored value of \"" + step.at() + "\" is not a time");
        }
    }

    /**
     * How long the schedule may wait before it looks. A time comes when the clock of the database says so, and that of this
     * process may be an hour behind: the schedule asks soon how long it really is.
     */
    Duration untilLook(Instant now) {
        Duration untilThen = at == null ? Duration.ZERO : Duration.between(now, at);
        Duration look = untilThen.compareTo(SOON) < 0 ? untilThen : SOON;
        return look.compareTo(delay) > 0 ? look : delay;
    }
}
