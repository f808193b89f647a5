package demo;

import dev.backops.StepRun;
import dev.backops.codegen.ActionFacts;
import javax.annotation.processing.Generated;
import org.jspecify.annotations.Nullable;

/**
 * Through this, operations in every package, module and jar know and call the action type {@link ChargeCreditCard}.
 */
@Generated("dev.backops.processor.BackOpsProcessor")
public final class ChargeCreditCardAction {
    private ChargeCreditCardAction() {
    }

    /**
     * Calls the step.
     */
    @ActionFacts(
            parameters = {
                    "subscriptionId",
                    "run"
            },
            nullableResult = true,
            nullableComponents = "note"
    )
    public static ChargeCreditCard. @Nullable Charge call(ChargeCreditCard action,
            long subscriptionId, StepRun run) throws Exception {
        return action.call(subscriptionId, run);
    }
}
