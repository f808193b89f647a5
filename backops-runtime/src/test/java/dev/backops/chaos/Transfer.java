package dev.backops.chaos;

import dev.backops.StepAbortedException;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.RetryPolicy;
import dev.backops.codegen.StepBody;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An operation whose id says which way it goes: a transactional step; one that fails at first, and jumps over the next or
 * goes on to it after a delay; one that fails for good, and is compensated. All but the transactional one are in the log of
 * runs.
 */
final class Transfer {

    /** Where the transactional step writes to. */
    static final String EFFECTS = "CREATE TABLE IF NOT EXISTS public.effect (operation bigint NOT NULL)";

    /** A database that is away takes statements of steps with it: those are attempts, and there are enough of them. */
    private static final RetryPolicy PATIENT = RetryPolicy.of(100, "PT0.05S", 2, "PT0.5S", 0.2);

    static final OperationDefinition DEFINITION = OperationDefinition.named("chaos.transfer")
            .step(StepDefinition.named("announce").retry(PATIENT))
            .step(StepDefinition.named("book").transactional().retry(PATIENT))
            .step(StepDefinition.named("check").retry(PATIENT).jumps("confirm"))
            .step(StepDefinition.named("linger").retry(PATIENT).delay("PT0.7S"))
            .step(StepDefinition.named("confirm").retry(PATIENT).onFailure("undo"))
            .step(StepDefinition.named("apologise").branch("undo").retry(PATIENT));

    private static final int LONGEST_STEP_MILLIS = 30;

    /** One step of so many takes ten times as long. */
    private static final int LONG_STEPS = 8;

    private Transfer() {}

    /** The steps, in a process that may be told to stop in the middle of one. */
    static OperationSteps steps(RunLog log, StoppingPoint stop) {
        StepBody plain = noted(log, stop, (values, run) -> StepResult.none());
        return OperationSteps.of(DEFINITION)
                .step("announce", plain)
                .transactionalStep("book", (values, run, handle) -> {
                    handle.execute("INSERT INTO public.effect VALUES (?)", run.operationId());
                    stop.reached(run.step());
                    work();
                    return StepResult.none();
                })
                .step("check", noted(log, stop, (values, run) -> {
                    if (isUncertain(run.operationId()) && run.attempt() == 1) {
                        throw new IllegalStateException("Not on the first attempt");
                    }
                    return lingers(run.operationId())
                            ? StepResult.none()
                            : StepResult.none().jump("confirm");
                }))
                .step("linger", plain)
                .step("confirm", noted(log, stop, (values, run) -> {
                    if (isHopeless(run.operationId())) {
                        throw new StepAbortedException("Never");
                    }
                    return StepResult.none();
                }))
                .step("apologise", plain);
    }

    /** How it ends if nothing is wrong: the outcome, and the steps that are recorded, with their attempts if these are several. */
    static String end(long id) {
        return (isHopeless(id) ? "compensated" : "completed") + " announce book check" + (isUncertain(id) ? "2" : "")
                + (lingers(id) ? " linger" : "")
                + " confirm" + (isHopeless(id) ? " apologise" : "");
    }

    private static boolean isUncertain(long id) {
        return id % 5 == 0;
    }

    private static boolean lingers(long id) {
        return id % 3 == 0;
    }

    private static boolean isHopeless(long id) {
        return id % 7 == 0;
    }

    private static StepBody noted(RunLog log, StoppingPoint stop, StepBody body) {
        return (values, run) -> {
            long number = log.begun(run);
            try {
                stop.reached(run.step());
                work();
                return body.call(values, run);
            } finally {
                log.ended(number);
            }
        };
    }

    private static void work() throws InterruptedException {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int factor = random.nextInt(LONG_STEPS) == 0 ? 10 : 1;
        Thread.sleep((long) factor * random.nextInt(LONGEST_STEP_MILLIS));
    }
}
