package dev.backops.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.Types;
import org.junit.jupiter.api.Test;

class FlowTest {

    private static final Field<String> X = Field.required("x", Types.STRING);

    @Test
    void branchesThatAllSetIt_needNothingAtTheStart() {
        Flow flow = flow(OperationDefinition.named("a")
                .step(StepDefinition.named("choose").alwaysJumps("red", "blue"))
                .step(StepDefinition.named("one").branch("red").outputs(X))
                .step(StepDefinition.named("two").branch("blue").outputs(X))
                .step(StepDefinition.named("send").reads("x")));

        assertThat(flow.needsAtStart()).isEmpty();
        assertThat(flow.needs().get("send")).containsExactly("x");
    }

    @Test
    void stepThatMayGoOnWithoutABranch_needsWhatTheBranchWouldSet() {
        Flow flow = flow(OperationDefinition.named("a")
                .step(StepDefinition.named("choose").jumps("red"))
                .step(StepDefinition.named("one").branch("red").outputs(X))
                .step(StepDefinition.named("send").reads("x")));

        assertThat(flow.needsAtStart()).containsExactly("x");
    }

    @Test
    void branchEnteredTwice_returnsBehindWhereItCameFrom() {
        Flow flow = flow(OperationDefinition.named("a")
                .step(StepDefinition.named("first").alwaysJumps("red"))
                .step(StepDefinition.named("set").outputs(X))
                .step(StepDefinition.named("second").alwaysJumps("red"))
                .step(StepDefinition.named("send").reads("x"))
                .step(StepDefinition.named("one").branch("red")));

        assertThat(flow.needsAtStart()).isEmpty();
    }

    @Test
    void branchThatFollowsByThen_returnsBehindThatStep() {
        Flow flow = flow(OperationDefinition.named("a")
                .step(StepDefinition.named("first").then("red"))
                .step(StepDefinition.named("send").reads("x"))
                .step(StepDefinition.named("one").branch("red")));

        assertThat(flow.needsAtStart()).containsExactly("x");
    }

    @Test
    void failureBranch_findsNothingOfTheStepThatFailed() {
        Flow flow = flow(OperationDefinition.named("a")
                .step(StepDefinition.named("charge").outputs(X).onFailure("undo"))
                .step(StepDefinition.named("refund").branch("undo").reads("x")));

        assertThat(flow.needsAtStart()).containsExactly("x");
    }

    @Test
    void stepThatNoPathLeadsTo_needsWhatFollowsIt() {
        Flow flow = flow(OperationDefinition.named("a")
                .step(StepDefinition.named("first").outputs(X).then("send"))
                .step(StepDefinition.named("retired"))
                .step(StepDefinition.named("send").reads("x"))
                .step(StepDefinition.named("aside").branch("old")));

        assertThat(flow.needsAtStart()).isEmpty();
        assertThat(flow.needs().get("retired")).containsExactly("x");
        assertThat(flow.needs().get("aside")).isEmpty();
    }

    @Test
    void targetThatIsNotThere_isRefused() {
        assertThatThrownBy(() -> flow(OperationDefinition.named("a")
                        .step(StepDefinition.named("first").then("nowhere"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There is no step or branch nowhere to go on with");
    }

    private static Flow flow(OperationDefinition definition) {
        return DefinitionJson.flow(DefinitionJson.steps(definition));
    }
}
