package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationFinder;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.RetryPolicy;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Types;
import dev.backops.codegen.Values;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** Two versions of the code of one operation, one after the other and side by side. */
@Timeout(120)
class DeploysTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private static final Field<Long> ID = Field.required("id", Types.LONG);
    private static final Field<String> TX = Field.required("tx", Types.STRING);

    /** The first version: on the branch {@code main} charge and send, on {@code undo} apologise. */
    private static final OperationDefinition OLD = OperationDefinition.named("fulfill")
            .params(ID)
            .step(StepDefinition.named("charge").reads("id").outputs(TX).jumps("red"))
            .step(StepDefinition.named("send").reads("tx"))
            .step(StepDefinition.named("setupRed").branch("red").reads("tx"));

    private static final Field<Long> SUBSCRIPTION =
            Field.required("subscriptionId", Types.LONG).formerly("id");
    private static final Field<String> REGION =
            Field.required("region", Types.STRING).orElse("EU");
    private static final Field<String> TRANSACTION =
            Field.required("transactionId", Types.STRING).formerly("tx");

    /** The second one: everything is called otherwise, and a param and a step are new. */
    private static final OperationDefinition NEW = OperationDefinition.named("subscriptions.fulfillment")
            .formerly("fulfill")
            .params(SUBSCRIPTION, REGION)
            .formerBranch("crimson", "red")
            .step(StepDefinition.named("chargeCard")
                    .formerly("charge")
                    .reads("subscriptionId", "region")
                    .outputs(TRANSACTION)
                    .jumps("crimson"))
            .step(StepDefinition.named("audit"))
            .step(StepDefinition.named("sendReceipt").formerly("send").reads("transactionId"))
            .step(StepDefinition.named("setupCrimson")
                    .formerly("setupRed")
                    .branch("crimson")
                    .reads("transactionId"));

    enum Colour {
        RED
    }

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    private CountDownLatch sendMayEnd = new CountDownLatch(0);
    private volatile boolean jumps;
    private Sql sql;

    @BeforeEach
    void open() {
        sql = new Sql(database.dataSource());
    }

    @Test
    void find_byValuesOfToday_findsThoseStoredUnderTheirFormerNames() {
        try (BackOps old = BackOps.builder(database.dataSource()).build();
                BackOps today = BackOps.builder(database.dataSource()).build()) {
            long before = old.client(OLD).enqueue(() -> Values.of(ID, 1L)).id();
            old.operations().skip(before, Map.of("tx", "t1"));
            long other = old.client(OLD).enqueue(() -> Values.of(ID, 2L)).id();
            long after = today.client(NEW)
                    .enqueue(() -> Values.of(SUBSCRIPTION, 1L).and(REGION, "EU"))
                    .id();
            OperationFinder<Values> found = today.client(NEW).find(Search.all(), values -> values);

            assertThat(found.where(SUBSCRIPTION, 1L).list())
                    .extracting(OperationInfo::id)
                    .containsExactly(after, before);
            assertThat(found.where(SUBSCRIPTION, 1L).where(TRANSACTION, "t1").list())
                    .extracting(OperationInfo::id)
                    .containsExactly(before);
            assertThat(found.where(TRANSACTION, null).count()).isEqualTo(2);
            // A default is nowhere stored.
            assertThat(found.where(REGION, "EU").list())
                    .extracting(OperationInfo::id)
                    .containsExactly(after);
            assertThat(today.operations().list(Search.all().param("region", null)))
                    .extracting(OperationInfo::id)
                    .containsExactly(other, before);
        }
    }

    @Test
    void operationsOfTheVersionBefore_goOnUnderTheirFormerNames() throws Exception {
        Enqueued fresh;
        Enqueued half;
        sendMayEnd = new CountDownLatch(1);
        try (BackOps before = start(oldSteps())) {
            half = before.client(OLD).enqueue(() -> Values.of(ID, 1L));
            await().atMost(LONG).until(() -> calls.contains("old send 1"));
            fresh = before.client(OLD).after(Duration.ofSeconds(1)).enqueue(() -> Values.of(ID, 2L));
        }
        sendMayEnd.countDown();
        calls.clear();

        jumps = true;
        try (BackOps after = start(newSteps())) {
            assertThat(after.await(half.id(), LONG)).isEqualTo(Status.COMPLETED);
            assertThat(after.await(fresh.id(), LONG)).isEqualTo(Status.COMPLETED);
        }

        assertThat(calls)
                .contains(
                        "new sendReceipt tx-1", "new chargeCard 2 EU", "new setupCrimson tx-2", "new sendReceipt tx-2")
                .doesNotContain("new chargeCard 1 EU");
        // Rows speak the language of their definition.
        assertThat(steps(half)).containsExactly("charge", "send");
        assertThat(steps(fresh)).containsExactly("charge", "setupRed", "send");
        assertThat(sql.text("SELECT outputs::text FROM backops.operations WHERE id = ?", fresh.id()))
                .isEqualTo("{\"tx\": \"tx-2\"}");
    }

    @Test
    void rollback_theVersionBeforeFinishesWhatItCan_andTheRestWaitsForTheOther() throws Exception {
        Enqueued begunByOld;
        Enqueued addedByNew;
        sendMayEnd = new CountDownLatch(1);
        try (BackOps enqueuer = builder().build()) {
            begunByOld = enqueuer.client(OLD).enqueue(() -> Values.of(ID, 1L));
        }
        try (BackOps deployed = start(newSteps())) {
            await().atMost(LONG).until(() -> calls.contains("new sendReceipt tx-1"));
            addedByNew = deployed.client(NEW).after(Duration.ofMillis(500)).enqueue(DeploysTest::newParams);
        }
        sendMayEnd.countDown();

        try (BackOps rolledBack = start(oldSteps())) {
            assertThat(rolledBack.await(begunByOld.id(), LONG)).isEqualTo(Status.COMPLETED);
            assertThat(calls).contains("old send 1").doesNotContain("old charge 1");
            await().atMost(LONG)
                    .until(() -> rolledBack.operations().status(addedByNew.id()).orElseThrow() == Status.WAITING);
            assertThat(reason(addedByNew)).isEqualTo("no live worker knows operation subscriptions.fulfillment");
            assertThat(sql.text("SELECT state FROM backops.work WHERE operation_id = ?", addedByNew.id()))
                    .isEqualTo("waiting");

            try (BackOps deployedAgain = start(newSteps())) {
                assertThat(deployedAgain.await(addedByNew.id(), LONG)).isEqualTo(Status.COMPLETED);
            }
            assertThat(calls).contains("new audit");
        }
    }

    @Test
    void stepThatNoLiveWorkerKnows_isNamedAndBlocksNobody() throws Exception {
        OperationDefinition more = OLD.step(StepDefinition.named("setupSubscription"));
        try (BackOps old = start(oldSteps())) {
            Enqueued unknown = old.client(more).enqueue(() -> Values.of(ID, 1L));
            Enqueued known = old.client(OLD).enqueue(() -> Values.of(ID, 2L));

            assertThat(old.await(known.id(), LONG)).isEqualTo(Status.COMPLETED);
            await().atMost(LONG)
                    .until(() -> old.operations().status(unknown.id()).orElseThrow() == Status.WAITING);
            assertThat(reason(unknown)).isEqualTo("no live worker knows step setupSubscription");
            assertThat(old.operations().list(Search.of(Status.WAITING)))
                    .extracting(OperationInfo::id)
                    .containsExactly(unknown.id());

            // Repairs reach it all the same.
            assertThat(old.operations().pause(unknown.id())).isTrue();
            old.operations().unpause(unknown.id());
            assertThat(old.operations().cancel(unknown.id())).isTrue();
        }
    }

    @Test
    void operationsThatNoLiveWorkerKnows_inFrontOfAllOthers_blockNobodyBeforeTheyArePutAside() throws Exception {
        OperationDefinition gone = OperationDefinition.named("gone").params(ID).step(StepDefinition.named("go"));
        try (BackOps backOps = builder().lease(Duration.ofMinutes(1)).build()) {
            List<Long> numbers = LongStream.range(0, 5_000).boxed().toList();
            backOps.client(gone).enqueueAll(numbers, number -> Values.of(ID, number));
            Enqueued known = backOps.client(OLD).enqueue(() -> Values.of(ID, 1L));
            backOps.register(oldSteps()).start();

            assertThat(backOps.await(known.id(), LONG)).isEqualTo(Status.COMPLETED);

            assertThat(sql.number("SELECT count(*) FROM backops.work WHERE state = 'ready' AND token = 0"))
                    .isEqualTo(5_000);
        }
    }

    @Test
    void versionsSideBySide_eachRunsWhatItCan() throws Exception {
        try (BackOps old = start(oldSteps());
                BackOps today = start(newSteps())) {
            List<Enqueued> all = new ArrayList<>();
            for (long i = 0; i < 20; i++) {
                long id = i;
                all.add(old.client(OLD).enqueue(() -> Values.of(ID, id)));
                all.add(today.client(NEW)
                        .enqueue(() -> Values.of(SUBSCRIPTION, id).and(REGION, "US")));
            }
            for (Enqueued one : all) {
                assertThat(old.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);
            }
        }
        assertThat(calls.stream().filter(call -> call.startsWith("new audit"))).hasSize(20);
        assertThat(sql.texts(
                        "SELECT DISTINCT s.name FROM backops.step s JOIN backops.operation o ON o.id = s.operation_id"
                                + " WHERE o.name = 'fulfill' ORDER BY 1"))
                .containsExactly("charge", "send");
    }

    @Test
    void start_warnsOfEachMissingName_withTheNumberThatWaitsAndTheWayOut() {
        OperationDefinition gone = OperationDefinition.named("gone").step(StepDefinition.named("go"));
        OperationDefinition more = OLD.step(StepDefinition.named("setupOne")).step(StepDefinition.named("setupTwo"));
        Field<String> country = Field.required("country", Types.STRING);
        OperationDefinition needy = OperationDefinition.named("needy").step(StepDefinition.named("go"));
        List<String> warnings;
        try (BackOps backOps = builder().build()) {
            backOps.client(gone).enqueue(Values::none);
            backOps.client(needy).enqueue(Values::none);
            backOps.client(more).enqueueAll(List.of(1L, 2L, 3L), id -> Values.of(ID, id));
            backOps.client(OLD).enqueue(() -> Values.of(ID, 1L));
            backOps.register(oldSteps())
                    .register(OperationSteps.of(OperationDefinition.named("needy")
                                    .params(country)
                                    .step(StepDefinition.named("go").reads("country")))
                            .step("go", (values, run) -> StepResult.none()));
            warnings = warningsOf("dev.backops.internal.engine.MissingNames", backOps::start);
        }
        assertThat(warnings).hasSize(4);
        assertThat(warnings)
                .anyMatch(contains(
                        "3 unfinished operations of fulfill were enqueued with a step setupOne",
                        "formerly = \"setupOne\""))
                .anyMatch(contains("3 unfinished operations of fulfill", "setupTwo"))
                .anyMatch(contains("1 unfinished operations of needy were enqueued without country", "@Default"))
                .anyMatch(contains("1 unfinished operations are named gone", "formerly = \"gone\"", "register it"));
    }

    private static Values newParams() {
        return Values.of(SUBSCRIPTION, 5L).and(REGION, "US");
    }

    private static Predicate<String> contains(String... parts) {
        return text -> Stream.of(parts).allMatch(text::contains);
    }

    private static List<String> warningsOf(String name, Runnable task) {
        Logger logger = (Logger) LoggerFactory.getLogger(name);
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.addAppender(appender);
        try {
            task.run();
        } finally {
            logger.detachAppender(appender);
        }
        return appender.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private String reason(Enqueued one) {
        return sql.text("SELECT reason FROM backops.operations WHERE id = ?", one.id());
    }

    private List<String> steps(Enqueued one) {
        return sql.texts("SELECT name FROM backops.step WHERE operation_id = ? ORDER BY seq", one.id());
    }

    @Test
    void repairs_takeTheNamesOfToday_whereTheCodeSaysWhatIsStored() {
        try (BackOps before = builder().build();
                BackOps backOps = builder().build()) {
            long id = before.client(OLD).enqueue(() -> Values.of(ID, 1L)).id();
            long other = before.client(OLD).enqueue(() -> Values.of(ID, 2L)).id();
            Operations operations = backOps.operations();
            assertThatThrownBy(() -> operations.jumpTo(id, "chargeCard"))
                    .hasMessage("Operation " + id + " has no step chargeCard");

            long fresh = backOps.client(NEW)
                    .enqueue(() -> Values.of(SUBSCRIPTION, 3L).and(REGION, "EU"))
                    .id();

            operations.skip(id, Map.of("transactionId", "a"));
            operations.setOutput(id, "transactionId", "b");
            assertThat(operations.jumpTo(id, "setupCrimson").runs()).containsExactly("setupRed", "send");
            assertThat(operations.retryFrom(id, "charge").runs()).containsExactly("charge", "send");
            operations.jumpTo(id, "sendReceipt");
            assertThat(sql.text("SELECT step || outputs FROM backops.operations WHERE id = ?", id))
                    .isEqualTo("send{\"tx\": \"b\"}");

            Repairs waiting = operations.repair(Search.of(Status.READY));
            assertThat(waiting.jumpTo("chargeCard").refused()).isEmpty();
            assertThat(waiting.skip(Map.of("transactionId", "c")).refused()).isEmpty();
            assertThat(sql.texts("SELECT id || step || outputs FROM backops.operations ORDER BY id"))
                    .containsExactly(
                            id + "send{\"tx\": \"c\"}",
                            other + "send{\"tx\": \"c\"}",
                            fresh + "audit{\"transactionId\": \"c\"}");
        }
    }

    /** A deploy may bring a branch that the operation was enqueued without. */
    @Test
    void jump_toWhatTheOperationWasEnqueuedWithout_failsAndSaysSo() throws Exception {
        OperationDefinition before = OperationDefinition.named("ask").step(StepDefinition.named("choose"));
        OperationDefinition after = OperationDefinition.named("ask")
                .step(StepDefinition.named("choose").jumps("gold").retry(RetryPolicy.of(1, "PT1S", 1, "PT1S", 0)))
                .step(StepDefinition.named("pamper").branch("gold"));
        try (BackOps backOps = builder().build()) {
            Enqueued one = backOps.client(before).enqueue(Values::none);
            backOps.register(OperationSteps.of(after)
                            .step("choose", (values, run) -> StepResult.none().jump("gold"))
                            .step("pamper", (values, run) -> StepResult.none()))
                    .start();

            assertThat(backOps.await(one.id(), LONG)).isEqualTo(Status.FAILED);
            assertThat(backOps.operations().failures(one.id()).get(0).message())
                    .isEqualTo(
                            "Step choose jumps to gold, which the operation did not have when it was enqueued; it has"
                                    + " [choose]. Let the step jump to one of these, or cancel the operation and enqueue another"
                                    + " one");
        }
    }

    /** A deploy may take an enum constant away that is stored. */
    @Test
    void constantThatTheCodeDoesNotKnowAnyLonger_failsReadablyAndCanBeRepaired() throws Exception {
        OperationDefinition before = OperationDefinition.named("paint")
                .step(StepDefinition.named("choose").outputs(Field.required("colour", Types.STRING)))
                .step(StepDefinition.named("paint").reads("colour"));
        Field<Colour> colour = Field.required("colour", Types.enumOf("Colour", Colour.values()));
        OperationDefinition after = OperationDefinition.named("paint")
                .step(StepDefinition.named("choose").outputs(colour))
                .step(StepDefinition.named("paint").reads("colour"));
        try (BackOps backOps = builder().build()) {
            Enqueued one = backOps.client(before).enqueue(Values::none);
            backOps.operations().skip(one.id(), Map.of("colour", "MAUVE"));
            backOps.register(OperationSteps.of(after)
                            .step("choose", (values, run) -> StepResult.of(colour, Colour.RED))
                            .step("paint", (values, run) -> {
                                calls.add("paint " + values.get(colour));
                                return StepResult.none();
                            }))
                    .start();

            assertThat(backOps.await(one.id(), LONG)).isEqualTo(Status.FAILED);
            assertThat(backOps.operations().failures(one.id())).singleElement().satisfies(failure -> {
                assertThat(failure.errorClass()).isEqualTo(StoredValueException.class.getName());
                assertThat(failure.message()).contains("\"colour\" is not a").doesNotContain("MAUVE");
            });

            backOps.operations().setOutput(one.id(), "colour", "RED");
            backOps.operations().resume(one.id());
            assertThat(backOps.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);
            assertThat(calls).containsExactly("paint RED");
        }
    }

    @Test
    void pauseOfAName_holdsForItsFormerNamesToo() {
        try (BackOps before = builder().build();
                BackOps backOps = builder().build()) {
            before.client(OLD).enqueue(() -> Values.of(ID, 1L));
            backOps.client(NEW);
            String reasons = "SELECT reason FROM backops.unfinished";

            assertThat(backOps.operations().by("ann", "audit").pauseName("subscriptions.fulfillment"))
                    .isTrue();
            assertThat(sql.texts(reasons)).containsExactly("operation fulfill is paused by ann: audit");
            assertThat(backOps.operations().pauseName("subscriptions.fulfillment"))
                    .isFalse();

            assertThat(backOps.operations().unpauseName("subscriptions.fulfillment"))
                    .isTrue();
            assertThat(sql.texts(reasons)).containsOnlyNulls();
        }
    }

    private OperationSteps oldSteps() {
        return OperationSteps.of(OLD)
                .step("charge", (values, run) -> {
                    calls.add("old charge " + values.get(ID));
                    return StepResult.of(TX, "tx-" + values.get(ID));
                })
                .step("send", (values, run) -> {
                    calls.add("old send " + values.get(ID));
                    sendMayEnd.await();
                    return StepResult.none();
                })
                .step("setupRed", (values, run) -> StepResult.none());
    }

    private OperationSteps newSteps() {
        return OperationSteps.of(NEW)
                .step("chargeCard", (values, run) -> {
                    calls.add("new chargeCard " + values.get(SUBSCRIPTION) + " " + values.get(REGION));
                    StepResult result = StepResult.of(TRANSACTION, "tx-" + values.get(SUBSCRIPTION));
                    return jumps ? result.jump("crimson") : result;
                })
                .step("audit", (values, run) -> {
                    calls.add("new audit");
                    return StepResult.none();
                })
                .step("sendReceipt", (values, run) -> {
                    calls.add("new sendReceipt " + values.get(TRANSACTION));
                    sendMayEnd.await();
                    return StepResult.none();
                })
                .step("setupCrimson", (values, run) -> {
                    calls.add("new setupCrimson " + values.get(TRANSACTION));
                    return StepResult.none();
                });
    }

    private BackOps.Builder builder() {
        return BackOps.builder(database.dataSource())
                .lease(Duration.ofSeconds(3))
                .gracePeriod(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50));
    }

    private BackOps start(OperationSteps steps) {
        BackOps backOps = builder().build();
        backOps.register(steps).start();
        return backOps;
    }
}
