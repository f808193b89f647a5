package dev.backops.codegen;

import org.jspecify.annotations.Nullable;

/**
 * What a step returned.
 *
 * @param outputs the outputs it set; a declared output that is missing here is unset afterwards
 * @param jump the step or branch to go on with, {@code end}, or null to go on in order
 */
public record StepResult(Values outputs, @Nullable String jump) {

    private static final StepResult NONE = new StepResult(Values.none(), null);

    /** No output and no jump. */
    public static StepResult none() {
        return NONE;
    }

    /** One output; the same rules as for {@link Values#of}. */
    public static <T> StepResult of(Field<T> field, @Nullable T value) {
        return new StepResult(Values.of(field, value), null);
    }

    /** This and one more output. */
    public <T> StepResult and(Field<T> field, @Nullable T value) {
        return new StepResult(outputs.and(field, value), jump);
    }

    /** This and a jump to a step, to a branch or to {@code end}; null goes on in order. */
    public StepResult jump(@Nullable String target) {
        return new StepResult(outputs, target);
    }
}
