package demo;

import dev.backops.codegen.ActionFacts;
import javax.annotation.processing.Generated;

/**
 * Through this, operations in every package, module and jar know and call the action type {@link Apologise}.
 */
@Generated("dev.backops.processor.BackOpsProcessor")
final class ApologiseAction {
    private ApologiseAction() {
    }

    /**
     * Calls the step.
     */
    @ActionFacts(
            parameters = "context"
    )
    public static void call(Apologise action, FulfillmentContext context) throws Exception {
        action.call(context);
    }
}
