package demo;

import dev.backops.codegen.ActionFacts;
import java.util.Optional;
import javax.annotation.processing.Generated;
import org.jspecify.annotations.Nullable;

/**
 * Through this, operations in every package, module and jar know and call the action type {@link SendMail}.
 */
@Generated("dev.backops.processor.BackOpsProcessor")
final class SendMailAction {
    private SendMailAction() {
    }

    /**
     * Calls the step.
     */
    @ActionFacts(
            parameters = {
                    "subscriptionId",
                    "transactionId",
                    "note"
            },
            nullableParameters = "transactionId"
    )
    public static void call(SendMail action, long subscriptionId, @Nullable String transactionId,
            Optional<String> note) throws Exception {
        action.send(subscriptionId, transactionId, note);
    }
}
