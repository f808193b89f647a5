package dev.backops.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backops.RegistrationException;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.internal.store.DefinitionStore.DefinitionRow;
import dev.backops.testkit.Order;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegistryTest {

    private final Registry registry = new Registry();

    @Test
    void operation_registeredTwice_isRefused() {
        registry.add(Order.steps(new Order.Steps() {}));

        assertThatThrownBy(() -> registry.add(Order.steps(new Order.Steps() {})))
                .isInstanceOf(RegistrationException.class)
                .hasMessageContaining("orders.order is registered already");
    }

    @Test
    void operation_withoutTheBodyOfAStep_isRefused() {
        OperationSteps lacking = OperationSteps.of(Order.DEFINITION).step("charge", (values, run) -> StepResult.none());

        assertThatThrownBy(() -> registry.add(lacking))
                .isInstanceOf(RegistrationException.class)
                .hasMessage("Operation orders.order has no code for its step ship.");
        assertThat(registry.operations()).isEmpty();
    }

    @Test
    void storedDefinition_isRunnableIfTheCodeHasItsStepsAndTheyFindWhatTheyRead() {
        registry.add(Order.steps(new Order.Steps() {}));
        OperationDefinition reordered = OperationDefinition.named("orders.order")
                .params(Order.NUMBER)
                .step(StepDefinition.named("thank"))
                .step(StepDefinition.named("charge").outputs(Order.RECEIPT))
                .step(StepDefinition.named("ship"));
        OperationDefinition withoutReceipt = OperationDefinition.named("orders.order")
                .params(Order.NUMBER)
                .step(StepDefinition.named("ship"))
                .step(StepDefinition.named("charge"));
        OperationDefinition withoutNumber =
                OperationDefinition.named("orders.order").step(StepDefinition.named("charge"));
        OperationDefinition withAnother = Order.DEFINITION.step(StepDefinition.named("cook"));
        OperationDefinition other = OperationDefinition.named("other").step(StepDefinition.named("thank"));

        assertThat(registry.update(List.of(
                        row(1, Order.DEFINITION),
                        row(2, reordered),
                        row(3, withoutReceipt),
                        row(4, withoutNumber),
                        row(5, withAnother),
                        row(6, other))))
                .isTrue();

        assertThat(registry.definitions()).containsExactlyInAnyOrder(1, 2);
        assertThat(registry.definition(2).flow().steps()).containsExactly("thank", "charge", "ship");
        assertThat(registry.update(List.of(row(2, reordered), row(1, Order.DEFINITION))))
                .isFalse();
        assertThatThrownBy(() -> registry.definition(3)).isInstanceOf(IllegalStateException.class);
    }

    private static DefinitionRow row(int id, OperationDefinition definition) {
        return new DefinitionRow(
                id, definition.name(), DefinitionJson.params(definition), DefinitionJson.steps(definition));
    }
}
