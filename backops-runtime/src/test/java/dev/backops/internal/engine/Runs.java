package dev.backops.internal.engine;

import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepResult;
import dev.backops.testkit.Order;
import java.util.Map;
import java.util.Set;

/** Executions of {@link Order} as a claim makes them. */
final class Runs {

    static final long WORKER = 7;

    /** What brings a work row into the state that {@link #of} assumes. */
    static final String CLAIMED = "state = 'running', worker = 7, token = 3";

    static final StoredDefinition DEFINITION = stored(Order.steps(new Order.Steps() {}));

    private Runs() {}

    /** The definition of an operation as it is stored by the code itself. */
    static StoredDefinition stored(OperationSteps code) {
        return stored(code.definition(), code);
    }

    /** A definition that was stored before, run by the code of today. */
    static StoredDefinition stored(OperationDefinition definition, OperationSteps code) {
        Flow flow = DefinitionJson.flow(DefinitionJson.steps(definition));
        StoredNames names = StoredNames.of(flow, values(definition), code.definition());
        return new StoredDefinition(1, definition.name(), flow.named(names), names, code);
    }

    private static Set<String> values(OperationDefinition definition) {
        return DefinitionJson.values(DefinitionJson.params(definition), DefinitionJson.steps(definition));
    }

    /** An operation that this process holds, before the first attempt at its first step. */
    static Execution of(long id) {
        return at(id, "charge", 0);
    }

    static Execution at(long id, String step, int seq) {
        return new Execution(
                id,
                WORKER,
                3,
                DEFINITION,
                DEFINITION.step(step),
                seq,
                0,
                Map.of("number", 42),
                Map.of(),
                /* lastMain= */ null,
                /* past= */ null,
                /* compensating= */ false);
    }

    /** The first step returned. */
    static JournalEntry charged(long id) {
        return entry(Transitions.finished(of(id), StepResult.of(Order.RECEIPT, "r" + id)));
    }

    /** The last step returned. */
    static JournalEntry thanked(long id) {
        return entry(Transitions.finished(at(id, "thank", 0), StepResult.none()));
    }

    /** The first step threw, and may be tried again. */
    static JournalEntry declined(long id) {
        return entry(Transitions.failed(of(id), new IllegalStateException("declined"), 0.5));
    }

    static JournalEntry entry(Transition transition) {
        return new JournalEntry(transition, 1_000, System.nanoTime());
    }
}
