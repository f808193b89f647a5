package dev.backops.internal.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One operation to add.
 *
 * @param params all of them, a JSON object
 * @param startAt the time before which its first step does not run, or null
 * @param key what makes it unique under its name, or null
 */
public record NewOperation(
        EnqueueOptions options,
        String params,
        @Nullable Instant startAt,
        @Nullable String key) {}
