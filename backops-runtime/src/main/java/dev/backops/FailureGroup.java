package dev.backops;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Operations whose present step has failed by the same error at the same place; the same as a row of the view {@code
 * failure_groups}.
 *
 * @param name the stored name of the operations
 * @param step the stored name of the step
 * @param errorClass the class of the last exception
 * @param errorFrame the place in the application where it began, or null where none is known
 * @param operations how many
 * @param failed how many of them for good; the others are tried again
 * @param firstAt the first failure of any of them at this step, by the database's clock
 * @param lastAt the last one
 * @param sampleId the operation that failed last
 * @param sampleMessage the message of its exception, or null
 */
public record FailureGroup(
        String name,
        String step,
        String errorClass,
        @Nullable String errorFrame,
        long operations,
        long failed,
        Instant firstAt,
        Instant lastAt,
        long sampleId,
        @Nullable String sampleMessage) {}
