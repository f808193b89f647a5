package dev.backops;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One operation as it stands at the moment of the look; the same as a row of the view {@code operations}.
 *
 * @param id the id
 * @param name the stored name of the operation
 * @param status where it stands
 * @param step the step that is next, runs, or failed; null once all are done
 * @param stepsDone how many runs of steps are recorded
 * @param stepsPlanned how many steps its definition has
 * @param attempts how often the current step has failed
 * @param errorClass the class of the last error of the current step, or null
 * @param errorMessage its message, or null
 * @param runAt from when the next step may run; null if it runs, failed, or none is left
 * @param worker the id of the worker that runs it, or null
 * @param reason why nobody takes it though it is due, as a pause or a missing step; null if any worker with room may
 * @param queue its queue; null once it is completed
 * @param note what the running step says of its progress, or null
 * @param key the key it was enqueued with, or null
 * @param createdAt when it was enqueued, by the database's clock
 * @param finishedAt when it ended, or null
 * @param context its params and the outputs set so far; sensitive ones are the text {@code ***}, so that the getter of one
 *     that is no text throws a {@link StoredValueException}
 * @param <C> the generated context, or {@code Map<String, Object>} of JSON values
 */
public record OperationInfo<C>(
        long id,
        String name,
        Status status,
        @Nullable String step,
        int stepsDone,
        int stepsPlanned,
        int attempts,
        @Nullable String errorClass,
        @Nullable String errorMessage,
        @Nullable Instant runAt,
        @Nullable Long worker,
        @Nullable String reason,
        @Nullable String queue,
        @Nullable String note,
        @Nullable String key,
        Instant createdAt,
        @Nullable Instant finishedAt,
        C context) {}
