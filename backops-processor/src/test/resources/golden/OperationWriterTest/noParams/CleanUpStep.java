package demo;

import dev.backops.StepName;
import javax.annotation.processing.Generated;

/**
 * The steps of {@link CleanUp}, in their order.
 */
@Generated("dev.backops.processor.BackOpsProcessor")
enum CleanUpStep implements StepName {
    DELETE_OLD_FILES("deleteOldFiles");

    private final String stepName;

    CleanUpStep(String stepName) {
        this.stepName = stepName;
    }

    /**
     * The name under which the step is stored.
     */
    public String stepName() {
        return stepName;
    }
}
