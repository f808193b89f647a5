package dev.backops.internal.engine;

import org.jspecify.annotations.Nullable;

/**
 * A recorded step of an operation; a list, the latest first, that grows without being copied.
 *
 * @param name the name of today
 * @param before the one recorded before it, or null
 */
record PastStep(int seq, String name, @Nullable PastStep before) {}
