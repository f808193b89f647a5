package dev.backops.testkit;

import dev.backops.BackOps;
import dev.backops.StepRun;
import dev.backops.codegen.Field;
import dev.backops.codegen.OperationClient;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.RetryPolicy;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Types;
import dev.backops.codegen.Values;
import org.jspecify.annotations.Nullable;

/**
 * An operation of three steps, as generated code would describe it: {@code charge} sets {@code receipt} and may set {@code
 * note}, {@code ship} reads the receipt, {@code thank} reads nothing.
 */
public final class Order {

    public static final Field<Long> NUMBER = Field.required("number", Types.LONG);
    public static final Field<String> CUSTOMER = Field.nullable("customer", Types.STRING);
    public static final Field<String> RECEIPT = Field.required("receipt", Types.STRING);
    public static final Field<String> NOTE = Field.nullable("note", Types.STRING);

    public static final OperationDefinition DEFINITION = definition(RetryPolicy.of(3, "PT0.01S", 1, "PT1S", 0));

    private Order() {}

    /** The definition with another policy for the first step. */
    public static OperationDefinition definition(RetryPolicy retry) {
        return OperationDefinition.named("orders.order")
                .params(NUMBER, CUSTOMER)
                .step(StepDefinition.named("charge")
                        .reads("number")
                        .outputs(RECEIPT, NOTE)
                        .retry(retry))
                .step(StepDefinition.named("ship").reads("receipt").retry(retry))
                .step(StepDefinition.named("thank").retry(retry));
    }

    public static OperationSteps steps(Steps steps) {
        return steps(DEFINITION, steps);
    }

    public static OperationSteps steps(OperationDefinition definition, Steps steps) {
        return OperationSteps.of(definition)
                .step("charge", (values, run) -> {
                    Charge charge = steps.charge(values.get(NUMBER), run);
                    return StepResult.of(RECEIPT, charge.receipt()).and(NOTE, charge.note());
                })
                .step("ship", (values, run) -> {
                    steps.ship(values.get(RECEIPT), run);
                    return StepResult.none();
                })
                .step("thank", (values, run) -> {
                    steps.thank(run);
                    return StepResult.none();
                });
    }

    public static OperationClient client(BackOps backOps) {
        return backOps.client(DEFINITION);
    }

    public static Values params(long number) {
        return Values.of(NUMBER, number);
    }

    /** What the first step returns. */
    public record Charge(@Nullable String receipt, @Nullable String note) {}

    /** The steps; a test overrides those it is about. */
    public interface Steps {

        default Charge charge(long number, StepRun run) throws Exception {
            return new Charge("receipt-" + number, null);
        }

        default void ship(String receipt, StepRun run) throws Exception {}

        default void thank(StepRun run) throws Exception {}
    }
}
