package demo;

import dev.backops.codegen.Values;
import javax.annotation.processing.Generated;

/**
 * The params of a {@link CleanUp}.
 */
@Generated("dev.backops.processor.BackOpsProcessor")
final class CleanUpContext {
    private final Values values;

    CleanUpContext(Values values) {
        this.values = values;
    }

    /**
     * The context of an operation that has not run yet, for tests that call steps directly.
     */
    public static CleanUpContext of() {
        return new CleanUpContext(Values.none());
    }
}
