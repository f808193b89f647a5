package dev.backops.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backops.RegistrationException;
import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Types;
import dev.backops.internal.store.DefinitionStore.DefinitionRow;
import dev.backops.testkit.Order;
import java.util.List;
import java.util.Map;
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
    void operations_thatShareAFormerName_areRefused() {
        registry.add(registrable(OperationDefinition.named("orders.order").formerly("orders", "shop")));

        assertThatThrownBy(() -> registry.add(
                        registrable(OperationDefinition.named("sales").formerly("orders", "sale"))))
                .isInstanceOf(RegistrationException.class)
                .hasMessage("Operations orders.order and sales both claim what is stored as orders. Remove it from the"
                        + " former names of one.");
        registry.add(registrable(OperationDefinition.named("sales").formerly("sale")));
        assertThat(registry.storedNames()).containsExactlyInAnyOrder("orders.order", "orders", "shop", "sales", "sale");
    }

    private static OperationSteps registrable(OperationDefinition definition) {
        return OperationSteps.of(definition.step(StepDefinition.named("one")))
                .step("one", (values, run) -> StepResult.none());
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

    @Test
    void storedDefinition_withOtherNames_isRunnableWhereTheCodeSaysFormerly() {
        Field<Long> number = Field.required("orderNumber", Types.LONG).formerly("number");
        Field<String> receipt = Field.required("receiptId", Types.STRING).formerly("receipt");
        Field<String> remark = Field.nullable("remark", Types.STRING).formerly("note");
        Field<String> region = Field.required("region", Types.STRING);
        OperationDefinition renamed = OperationDefinition.named("shop.order")
                .formerly("orders.order")
                .params(number, region.orElse("EU"))
                .step(StepDefinition.named("pay")
                        .formerly("charge")
                        .reads("orderNumber", "region")
                        .outputs(receipt, remark))
                .step(StepDefinition.named("send").formerly("ship").reads("receiptId"))
                .step(StepDefinition.named("thank"));
        registry.add(bodies(renamed));

        registry.update(List.of(row(1, Order.DEFINITION)));

        StoredDefinition stored = registry.definition(1);
        assertThat(stored.name()).isEqualTo("shop.order");
        assertThat(stored.storedName()).isEqualTo("orders.order");
        assertThat(stored.flow().steps()).containsExactly("pay", "send", "thank");
        assertThat(stored.params(Map.of("number", 42))).isEqualTo(Map.of("orderNumber", 42, "region", "EU"));
        assertThat(stored.names().stored("pay")).isEqualTo("charge");
        assertThat(stored.names().stored(Map.of("receiptId", "r1", "remark", "n", "other", "x")))
                .isEqualTo(Map.of("receipt", "r1", "note", "n", "other", "x"));
        assertThat(registry.storedNames()).containsExactlyInAnyOrder("shop.order", "orders.order");
    }

    @Test
    void storedDefinition_thatTheCodeCannotFinish_isKnownWithTheReason() {
        Field<String> region = Field.required("region", Types.STRING);
        OperationDefinition code = OperationDefinition.named("orders.order")
                .params(Order.NUMBER, region)
                .step(StepDefinition.named("charge").reads("number", "region").outputs(Order.RECEIPT))
                .step(StepDefinition.named("send").formerly("ship", "thank").reads("receipt"));
        registry.add(bodies(code));
        OperationDefinition two = OperationDefinition.named("orders.order")
                .params(Order.NUMBER)
                .step(StepDefinition.named("charge").outputs(Order.RECEIPT));

        registry.update(List.of(row(1, Order.DEFINITION), row(2, two), row(3, code)));

        assertThat(registry.definitions()).containsExactly(3);
        // One step of today cannot stand for two of yesterday.
        assertThat(registry.knowledge().lacks())
                .isEqualTo(Map.of(
                        "1", "no live worker knows step thank",
                        "2", "no live worker can do without a value for region"));
    }

    @Test
    void nameOfAnOperation_goesBeforeTheFormerNameOfAnother() {
        OperationDefinition successor = OperationDefinition.named("other")
                .formerly("orders.order")
                .step(StepDefinition.named("charge"))
                .step(StepDefinition.named("ship"))
                .step(StepDefinition.named("thank"));
        registry.add(bodies(successor));
        registry.add(Order.steps(new Order.Steps() {}));

        registry.update(List.of(row(1, Order.DEFINITION)));

        assertThat(registry.definition(1).name()).isEqualTo("orders.order");
    }

    private static OperationSteps bodies(OperationDefinition definition) {
        OperationSteps steps = OperationSteps.of(definition);
        for (StepDefinition step : definition.steps()) {
            steps = steps.step(step.name(), (values, run) -> StepResult.none());
        }
        return steps;
    }

    private static DefinitionRow row(int id, OperationDefinition definition) {
        return new DefinitionRow(
                id, definition.name(), DefinitionJson.params(definition), DefinitionJson.steps(definition));
    }
}
