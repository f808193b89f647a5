package dev.backops.internal.engine;

import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.Values;
import dev.backops.internal.store.JournalStore.Attempt;
import dev.backops.internal.store.JournalStore.AttemptKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An operation in the hands of this process, before one attempt at one step.
 *
 * @param id the operation
 * @param worker the id under which it was claimed
 * @param token the token of the claim
 * @param definition what it runs by
 * @param step the step to run
 * @param seq how many steps are recorded
 * @param failedAttempts how often this step failed
 * @param params as stored
 * @param outputs of the recorded steps, merged
 * @param lastMain the last recorded step of the branch {@code main}, or null
 * @param past the recorded steps, or null where there is none
 * @param compensating whether a step has failed for good and its failure branch runs
 */
record Execution(
        long id,
        long worker,
        int token,
        StoredDefinition definition,
        StepDefinition step,
        int seq,
        int failedAttempts,
        Map<String, Object> params,
        Map<String, Object> outputs,
        @Nullable String lastMain,
        @Nullable PastStep past,
        boolean compensating) {

    /** What the step sees. */
    Values values() {
        if (outputs.isEmpty()) {
            return Values.ofJson(params);
        }
        Map<String, Object> all = new LinkedHashMap<>(params);
        all.putAll(outputs);
        return Values.ofJson(all);
    }

    /** The number of this attempt, from 1. */
    int attempt() {
        return failedAttempts + 1;
    }

    /** The key and number under which this attempt is recorded. */
    Attempt record() {
        return new Attempt(new AttemptKey(id, token, seq), definition.names().stored(step.name()), attempt());
    }

    /** The last step of {@code main} once this one is recorded. */
    @Nullable
    String lastMainAfter() {
        return definition.flow().isMain(step.name()) ? step.name() : lastMain;
    }

    /** The same operation before the first attempt at the step that follows once this one is recorded. */
    Execution next(StepDefinition nextStep, Map<String, Object> newOutputs) {
        return new Execution(
                id,
                worker,
                token,
                definition,
                nextStep,
                seq + 1,
                0,
                params,
                newOutputs,
                lastMainAfter(),
                new PastStep(seq, step.name(), past),
                compensating);
    }

    /** The same operation before the first step of the failure branch. */
    Execution compensating(StepDefinition firstStep) {
        return new Execution(
                id,
                worker,
                token,
                definition,
                firstStep,
                seq + 1,
                0,
                params,
                outputs,
                lastMain,
                new PastStep(seq, step.name(), past),
                /* compensating= */ true);
    }
}
