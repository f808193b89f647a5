package dev.backops.annotation;

/** What makes two enqueues of an operation the same one. */
public enum Dedupe {
    /** An equal key, where there is one; without a key every enqueue adds an operation. */
    BY_KEY,
    /** Equal params, where the enqueue gives no key of its own. */
    SAME_PARAMS
}
