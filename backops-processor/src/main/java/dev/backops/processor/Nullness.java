package dev.backops.processor;

/** Whether a value may be missing, and how its type says so. */
enum Nullness {
    NON_NULL,
    /** Annotated with any annotation called {@code Nullable}. */
    NULLABLE,
    /** A {@link java.util.Optional}. */
    OPTIONAL;

    boolean mayBeMissing() {
        return this != NON_NULL;
    }
}
