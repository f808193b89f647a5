package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backops.codegen.Field;
import dev.backops.codegen.OperationClient;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.Types;
import dev.backops.codegen.Values;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A skipped step is followed at the time at which the one behind it would run, had the skipped one run. */
class SkipTimesTest {

    private static final Field<Instant> RENEWS_AT = Field.nullable("renewsAt", Types.INSTANT);
    private static final Field<ZonedDateTime> DUE = Field.nullable("due", Types.ZONED_DATE_TIME);

    private static final OperationDefinition DEFINITION = OperationDefinition.named("orders.renewal")
            .params(RENEWS_AT)
            .step(StepDefinition.named("bill").outputs(DUE))
            .step(StepDefinition.named("remind").at("due"))
            .step(StepDefinition.named("renew").at("renewsAt"))
            .step(StepDefinition.named("survey").delay("PT24H"));

    private final Instant nextYear = Instant.now().plus(365, ChronoUnit.DAYS).truncatedTo(ChronoUnit.MICROS);

    @RegisterExtension
    final TestDatabase database = TestDatabase.withTables();

    private BackOps backOps;
    private Sql sql;

    @BeforeEach
    void open() {
        backOps = BackOps.builder(database.dataSource()).build();
        sql = new Sql(database.dataSource());
    }

    @Test
    void skip_beforeAStepWithADelay_waitsForIt() {
        long id = enqueue(nextYear);
        backOps.operations().jumpTo(id, "renew");

        backOps.operations().skip(id, Map.of());

        assertScheduled(id, "survey", Instant.now().plus(24, ChronoUnit.HOURS));
    }

    @Test
    void skip_beforeAStepAtAParam_waitsForIt() {
        long id = enqueue(nextYear);
        backOps.operations().jumpTo(id, "remind");

        sql.text("SELECT backops.skip(?)", id);

        assertScheduled(id, "renew", nextYear);
    }

    @Test
    void skip_beforeAStepAtAnOutput_waitsForWhatIsGiven() {
        long id = enqueue(nextYear);
        ZonedDateTime due = nextYear.atZone(ZoneId.of("America/New_York"));

        backOps.operations().skip(id, Map.of("due", due.toString()));

        assertScheduled(id, "remind", nextYear);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2001-02-03T04:05Z",
                "2001-02-03T04:05:06.123456789Z",
                "2001-02-03T04:05:06+05:30",
                "2001-02-03T04:05:06-00:44:30[Africa/Monrovia]"
            })
    void skip_beforeAStepWhoseTimeIsOver_goesOnAtOnce(String over) {
        long id = enqueue(nextYear);

        backOps.operations().skip(id, Map.of("due", over));

        assertStatus(id, "remind", Status.READY);
    }

    @Test
    void skip_beforeAStepWithoutATime_goesOnAtOnce() {
        long left = enqueue(nextYear);
        long none = enqueue(nextYear);
        Map<String, Object> due = new LinkedHashMap<>();
        due.put("due", null);

        backOps.operations().skip(left, Map.of());
        backOps.operations().skip(none, due);

        assertStatus(left, "remind", Status.READY);
        assertStatus(none, "remind", Status.READY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tomorrow",
                "infinity",
                "",
                "2001-02-03T04:05",
                "2001-02-30T04:05:06Z",
                "999999999-01-01T00:00:00Z",
                "17"
            })
    void skip_beforeAStepWhoseValueIsNoTime_isRefused(String value) {
        long id = enqueue(nextYear);

        assertThatThrownBy(() -> backOps.operations().skip(id, Map.of("due", value)))
                .isInstanceOf(RepairRefusedException.class)
                .hasMessage("Output due of operation " + id + " must be ZonedDateTime, but \"" + value + "\" is not");

        assertStatus(id, "bill", Status.READY);
    }

    @Test
    void skip_beforeAStepWhoseParamWasEditedToANumber_isRefused() {
        long id = enqueue(nextYear);
        backOps.operations().jumpTo(id, "remind");
        sql.execute("UPDATE backops.operation SET params = '{\"renewsAt\": 17}' WHERE id = ?", id);

        assertThatThrownBy(() -> backOps.operations().skip(id, Map.of()))
                .isInstanceOf(RepairRefusedException.class)
                .hasMessageContaining("the stored value of renewsAt is not a time");
    }

    @Test
    void skip_whilePaused_keepsTheTimeForLater() {
        long id = enqueue(nextYear);
        backOps.operations().pause(id);

        backOps.operations()
                .skip(
                        id,
                        Map.of(
                                "due",
                                OffsetDateTime.parse("+12345-01-01T00:00:00Z").toString()));
        assertStatus(id, "remind", Status.PAUSED);
        backOps.operations().unpause(id);

        assertStatus(id, "remind", Status.SCHEDULED);
        assertThat(backOps.operations().find(id).orElseThrow().runAt()).isEqualTo("+12345-01-01T00:00:00Z");
    }

    @Test
    void jumpAndRetry_toAStepWithATime_runItAtOnce() {
        long id = enqueue(nextYear);

        backOps.operations().jumpTo(id, "renew");
        assertStatus(id, "renew", Status.READY);
        backOps.operations().skip(id, Map.of());
        backOps.operations().retryFrom(id, "survey");

        assertStatus(id, "survey", Status.READY);
    }

    private long enqueue(Instant renewsAt) {
        OperationClient client = backOps.client(DEFINITION);
        return client.enqueue(() -> Values.of(RENEWS_AT, renewsAt)).id();
    }

    private void assertScheduled(long id, String step, Instant time) {
        assertStatus(id, step, Status.SCHEDULED);
        assertThat(backOps.operations().find(id).orElseThrow().runAt())
                .isCloseTo(time, within(Duration.ofMinutes(1).toSeconds(), ChronoUnit.SECONDS));
    }

    private void assertStatus(long id, String step, Status status) {
        OperationInfo<?> operation = backOps.operations().find(id).orElseThrow();
        assertThat(operation.step()).isEqualTo(step);
        assertThat(operation.status()).isEqualTo(status);
    }
}
