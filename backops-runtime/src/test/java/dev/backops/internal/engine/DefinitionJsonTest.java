package dev.backops.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.RetryPolicy;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.Types;
import dev.backops.codegen.ValueType;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DefinitionJsonTest {

    private enum Plan {
        FREE,
        GOLD
    }

    private static final Field<Long> NUMBER = Field.required("number", Types.LONG);
    private static final Field<Instant> WHEN = Field.nullable("when", Types.INSTANT);
    private static final ValueType<Plan> PLAN = Types.enumOf("Plan", Plan.values());

    private static final StepDefinition CHOOSE =
            StepDefinition.named("choose").reads("number").outputs(Field.required("plan", PLAN));
    private static final StepDefinition SHIP = StepDefinition.named("ship");
    private static final StepDefinition THANK = StepDefinition.named("thank");
    private static final StepDefinition UNDO = StepDefinition.named("undo").branch("undo");

    @RegisterExtension
    final TestDatabase testDatabase = TestDatabase.withTables();

    static Stream<Arguments> changesThatStoredOperationsDoNotNotice() {
        ValueType<Plan> fewer = Types.enumOf("Plan", new Plan[] {Plan.FREE});
        return Stream.of(
                Arguments.of("nothing", definition(CHOOSE, SHIP, THANK, UNDO)),
                Arguments.of("the kind of a body", definition(CHOOSE, SHIP.transactional(), THANK, UNDO)),
                Arguments.of(
                        "a retry",
                        definition(CHOOSE, SHIP.retry(RetryPolicy.of(9, "PT1S", 2, "PT1H", 0)), THANK, UNDO)),
                Arguments.of("a timeout", definition(CHOOSE, SHIP.timeout("PT1M"), THANK, UNDO)),
                Arguments.of("constants", definition(CHOOSE.outputs(Field.required("plan", fewer)), SHIP, THANK, UNDO)),
                Arguments.of("former names", definition(CHOOSE, SHIP.formerly("send"), THANK, UNDO)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changesThatStoredOperationsDoNotNotice")
    void fingerprint_isTheSame_whateverRunningCodeDecidesForItself(String change, OperationDefinition changed) {
        assertThat(DefinitionJson.fingerprint(changed))
                .isEqualTo(DefinitionJson.fingerprint(definition(CHOOSE, SHIP, THANK, UNDO)));
    }

    static Stream<Arguments> changesThatStoredOperationsNotice() {
        return Stream.of(
                Arguments.of("order of steps", definition(CHOOSE, THANK, SHIP, UNDO)),
                Arguments.of("a step more", definition(CHOOSE, SHIP, StepDefinition.named("audit"), THANK, UNDO)),
                Arguments.of("a name", definition(CHOOSE, StepDefinition.named("send"), THANK, UNDO)),
                Arguments.of("type of a param", definition(Field.required("number", Types.INT))),
                Arguments.of("nullness of a param", definition(Field.nullable("number", Types.LONG))),
                Arguments.of("type of an output", choose(step -> step.outputs(Field.required("plan", Types.STRING)))),
                Arguments.of("nullness of an output", choose(step -> step.outputs(Field.nullable("plan", PLAN)))),
                Arguments.of("at", definition(CHOOSE, SHIP.at("when"), THANK, UNDO)),
                Arguments.of("delay", definition(CHOOSE, SHIP.delay("PT1M"), THANK, UNDO)),
                Arguments.of("branch", definition(CHOOSE, SHIP, THANK.branch("undo"), UNDO)),
                Arguments.of("then", definition(CHOOSE.then("thank"), SHIP, THANK, UNDO)),
                Arguments.of("jumps", definition(CHOOSE.jumps("thank"), SHIP, THANK, UNDO)),
                Arguments.of("a jump that is sure", definition(CHOOSE.alwaysJumps("thank"), SHIP, THANK, UNDO)),
                Arguments.of("onFailure", definition(CHOOSE, SHIP.onFailure("undo"), THANK, UNDO)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changesThatStoredOperationsNotice")
    void fingerprint_isAnother_wherePathOrValuesAre(String change, OperationDefinition changed) {
        assertThat(DefinitionJson.fingerprint(changed))
                .isNotEqualTo(DefinitionJson.fingerprint(definition(CHOOSE, SHIP, THANK, UNDO)));
    }

    @Test
    void definition_ofTwoBuilds_isStoredOnce() {
        Tables tables = new Tables(testDatabase);
        OperationDefinition first = definition(CHOOSE, SHIP, THANK, UNDO);
        OperationDefinition second = definition(CHOOSE, SHIP.timeout("PT1M"), THANK, UNDO);

        int id = new DefinitionIds(tables.database(), Tables.STORES.definitions()).of(first);

        assertThat(new DefinitionIds(tables.database(), Tables.STORES.definitions()).of(second))
                .isEqualTo(id);
        assertThat(tables.numbers("SELECT id FROM backops.definition")).containsExactly((long) id);
    }

    private static OperationDefinition definition(StepDefinition... steps) {
        return definition(NUMBER, steps);
    }

    private static OperationDefinition definition(Field<?> number) {
        return definition(number, CHOOSE, SHIP, THANK, UNDO);
    }

    private static OperationDefinition choose(UnaryOperator<StepDefinition> change) {
        return definition(change.apply(CHOOSE), SHIP, THANK, UNDO);
    }

    private static OperationDefinition definition(Field<?> number, StepDefinition... steps) {
        return Arrays.stream(steps)
                .reduce(
                        OperationDefinition.named("orders.order").params(number, WHEN),
                        OperationDefinition::step,
                        (one, other) -> other);
    }
}
