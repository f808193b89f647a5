package dev.backops.chaos;

import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepBody;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.testkit.Ledger;
import java.util.concurrent.ThreadLocalRandom;

/** An operation of three steps: two that the ledger knows of, and between them one that writes in its own transaction. */
final class Transfer {

    /** Where the transactional step writes to. */
    static final String EFFECTS = "CREATE TABLE IF NOT EXISTS public.effect (operation bigint NOT NULL)";

    static final OperationDefinition DEFINITION = OperationDefinition.named("chaos.transfer")
            .step(StepDefinition.named("announce"))
            .step(StepDefinition.named("book").transactional())
            .step(StepDefinition.named("confirm"));

    private static final int LONGEST_STEP_MILLIS = 30;

    private Transfer() {}

    static OperationSteps steps(Ledger ledger) {
        StepBody noted = (values, run) -> {
            ledger.note(run);
            Thread.sleep(ThreadLocalRandom.current().nextInt(LONGEST_STEP_MILLIS));
            return StepResult.none();
        };
        return OperationSteps.of(DEFINITION)
                .step("announce", noted)
                .transactionalStep("book", (values, run, handle) -> {
                    handle.execute("INSERT INTO public.effect VALUES (?)", run.operationId());
                    Thread.sleep(ThreadLocalRandom.current().nextInt(LONGEST_STEP_MILLIS));
                    return StepResult.none();
                })
                .step("confirm", noted);
    }
}
