package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.RetryPolicy;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Types;
import dev.backops.codegen.Values;
import dev.backops.testkit.Order;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TestDatabase;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RepairTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final AtomicBoolean vansOut = new AtomicBoolean(true);
    private final CountDownLatch charging = new CountDownLatch(1);
    private final CountDownLatch mayCharge = new CountDownLatch(1);

    /** Charges when allowed to, and ships unless the vans are out. */
    private final Order.Steps steps = new Order.Steps() {
        @Override
        public Order.Charge charge(long number, StepRun run) throws InterruptedException {
            calls.add("charge");
            charging.countDown();
            mayCharge.await();
            return new Order.Charge("r" + number, null);
        }

        @Override
        public void ship(String receipt, StepRun run) {
            calls.add("ship " + receipt);
            if (vansOut.get()) {
                throw new StepAbortedException("no van");
            }
        }

        @Override
        public void thank(StepRun run) {
            calls.add("thank");
        }
    };

    @Test
    void cancel_waitingOperation_endsItAtOnce() throws Exception {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            long id = Order.client(backOps)
                    .key("k")
                    .after(Duration.ofHours(1))
                    .enqueue(() -> Order.params(1))
                    .id();

            assertThat(backOps.operations().by("ann", "ordered twice").cancel(id))
                    .isTrue();

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.CANCELLED);
            assertThat(Order.client(backOps)
                            .key("k")
                            .enqueue(() -> Order.params(1))
                            .added())
                    .isTrue();
            assertThat(audit()).containsExactly(tuple("cancel", "ann", "ordered twice"));
            assertThatThrownBy(() -> backOps.operations().cancel(id))
                    .isInstanceOf(RepairRefusedException.class)
                    .hasMessage("Operation " + id + " is cancelled, and what is over cannot be changed");
            assertThatThrownBy(() -> backOps.operations().cancel(77))
                    .isInstanceOf(OperationNotFoundException.class)
                    .hasMessage("There is no operation 77");
        }
    }

    @Test
    void cancel_runningOperation_recordsTheStepFirst() throws Exception {
        try (BackOps backOps = started()) {
            long id = Order.client(backOps).enqueue(() -> Order.params(1)).id();
            charging.await();

            assertThat(backOps.operations().cancel(id)).isFalse();
            assertThatThrownBy(() -> backOps.operations().jumpTo(id, "thank"))
                    .isInstanceOf(RepairRefusedException.class)
                    .hasMessage("Operation " + id + " is running; pause it first");
            mayCharge.countDown();

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.CANCELLED);
            assertThat(calls).containsExactly("charge");
            assertThat(backOps.operations().steps(id))
                    .extracting(StepInfo::name, StepInfo::status)
                    .contains(tuple("charge", StepStatus.COMPLETED), tuple("ship", StepStatus.CANCELLED));
            assertThat(backOps.operations().find(id).orElseThrow().context()).containsEntry("receipt", "r1");
        }
    }

    @Test
    void pause_runningOperation_stopsBehindTheStepUntilUnpaused() throws Exception {
        vansOut.set(false);
        try (BackOps backOps = started()) {
            long id = Order.client(backOps).enqueue(() -> Order.params(1)).id();
            charging.await();
            assertThat(backOps.operations().pause(id)).isFalse();
            mayCharge.countDown();
            awaitStatus(backOps, id, Status.PAUSED);
            assertThat(calls).containsExactly("charge");

            backOps.operations().unpause(id);

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);
            assertThat(calls).containsExactly("charge", "ship r1", "thank");
        }
    }

    @Test
    void skip_failedStep_goesOnBehindIt() throws Exception {
        try (BackOps backOps = failedAtShip()) {
            backOps.operations().skip(1, Map.of());

            assertThat(backOps.await(1, LONG)).isEqualTo(Status.COMPLETED);
            assertThat(calls).containsExactly("charge", "ship r1", "thank");
            assertThat(backOps.operations().steps(1))
                    .extracting(StepInfo::name, StepInfo::status)
                    .containsExactly(
                            tuple("charge", StepStatus.COMPLETED),
                            tuple("ship", StepStatus.SKIPPED),
                            tuple("thank", StepStatus.COMPLETED));
            assertThat(backOps.operations().find(1).orElseThrow().context())
                    .isEqualTo(Map.of("number", 1, "receipt", "r1"));
        }
    }

    @Test
    void skip_withoutARequiredOutput_isRefused() {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            long id = Order.client(backOps).enqueue(() -> Order.params(1)).id();

            assertThatThrownBy(() -> backOps.operations().skip(id, Map.of("note", "x")))
                    .isInstanceOf(RepairRefusedException.class)
                    .hasMessage("Step charge cannot be skipped without a value for receipt");
            assertThatThrownBy(() -> backOps.operations().skip(id, Map.of("receipt", "x", "recipt", "y")))
                    .isInstanceOf(RepairRefusedException.class)
                    .hasMessage("Step charge does not set recipt");
            assertThatThrownBy(() -> backOps.operations().jumpTo(id, "ship"))
                    .isInstanceOf(RepairRefusedException.class)
                    .hasMessageStartingWith("Operation " + id + " cannot go on at ship: receipt must be set first");
            assertThat(audit()).isEmpty();
        }
    }

    private enum Plan {
        FREE,
        GOLD
    }

    @Test
    void valueThatIsNotOfTheTypeOfItsOutput_isRefused() {
        Field<Long> account = Field.required("account", Types.LONG);
        Field<Plan> plan = Field.required("plan", Types.enumOf("Plan", Plan.values()));
        Field<Instant> renewal = Field.nullable("renewal", Types.INSTANT);
        Field<Long> pin = Field.<Long>nullable("pin", Types.LONG).sensitive();
        OperationDefinition accounts = OperationDefinition.named("accounts")
                .step(StepDefinition.named("open").outputs(account, plan, renewal, pin))
                .step(StepDefinition.named("greet").reads("account", "plan"));
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            Operations operations = backOps.operations();
            long id = backOps.client(accounts).enqueue(Values::none).id();
            assertRefused(
                    () -> operations.skip(id, Map.of("account", "three", "plan", "GOLD")),
                    "Output account of operation 1 must be long, but \"three\" is not");
            assertRefused(
                    () -> operations.skip(id, Map.of("account", 3, "plan", "SILVER")),
                    "Output plan of operation 1 must be enum Plan (FREE, GOLD), but \"SILVER\" is not");
            Map<String, Object> withNull = new HashMap<>(Map.of("plan", "GOLD"));
            withNull.put("account", null);
            assertRefused(
                    () -> operations.skip(id, withNull), "Step open cannot be skipped without a value for account");
            assertRefused(
                    () -> operations.skip(id, Map.of("account", 3, "plan", "GOLD", "pin", "secret")),
                    "Output pin of operation 1 must be long, but the value given is not");
            RepairReport report = operations
                    .repair(Search.all())
                    .skip(Map.of("account", new BigInteger("9223372036854775808"), "plan", "GOLD"));
            assertThat(report.refused())
                    .containsOnly(Map.entry(
                            id, "Output account of operation 1 must be long, but 9223372036854775808 is not"));

            operations.skip(id, Map.of("account", 3, "plan", "GOLD", "renewal", "2026-02-28T10:00:00Z"));

            assertRefused(
                    () -> operations.setOutput(id, "renewal", "tomorrow"),
                    "Output renewal of operation 1 must be Instant, but \"tomorrow\" is not");
            assertRefused(() -> operations.setOutput(id, "acount", 3), "Operation 1 has no output acount");
            assertRefused(
                    () -> operations.setOutput(id, "account", null),
                    "Operation 1 cannot go on at greet: account must be set first."
                            + " Set it with set_output, or begin at an earlier step.");
            assertThatThrownBy(() -> database.jdbi()
                            .useHandle(handle -> handle.execute("SELECT backops.set_output(1, 'account', '3.5')")))
                    .hasMessageContaining("Output account of operation 1 must be long, but 3.5 is not");
            operations.setOutput(id, "renewal", null);
            operations.setOutput(id, "account", 4);
            assertThat(operations.find(id).orElseThrow().context()).isEqualTo(Map.of("account", 4, "plan", "GOLD"));
        }
    }

    private static void assertRefused(ThrowingCallable repair, String message) {
        assertThatThrownBy(repair).isInstanceOf(RepairRefusedException.class).hasMessage(message);
    }

    @Test
    void constantsOfAnEnum_areThoseOfAllTheCodeThatHasRun() {
        Field<Plan> plan = Field.required("plan", Types.enumOf("Plan", Plan.values()));
        Field<Plan> before = Field.required("plan", Types.enumOf("Plan", new Plan[] {Plan.FREE}));
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            for (Field<Plan> one : List.of(before, plan, before)) {
                backOps.client(OperationDefinition.named("accounts")
                        .step(StepDefinition.named("open").outputs(one)));
            }
            assertThat(new Sql(database.dataSource()).texts("SELECT constants FROM backops.definition"))
                    .containsExactly("{\"plan\": [\"FREE\", \"GOLD\"]}");
        }
    }

    @Test
    void skip_withNullForARequiredOutput_isRefused() {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            long id = Order.client(backOps).enqueue(() -> Order.params(1)).id();
            Map<String, Object> nothing = new HashMap<>();
            nothing.put("receipt", null);

            assertThatThrownBy(() -> backOps.operations().skip(id, nothing))
                    .isInstanceOf(RepairRefusedException.class)
                    .hasMessage("Step charge cannot be skipped without a value for receipt");
        }
    }

    @Test
    void skip_withoutANullableOutput_unsetsIt() {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            long id = Order.client(backOps).enqueue(() -> Order.params(1)).id();
            backOps.operations().skip(id, Map.of("receipt", "paper", "note", "by bike"));
            backOps.operations().retryFrom(id, "charge");

            backOps.operations().skip(id, Map.of("receipt", "plastic"));

            assertThat(backOps.operations().find(id).orElseThrow().context())
                    .isEqualTo(Map.of("number", 1, "receipt", "plastic"));
        }
    }

    @Test
    void jumpTo_anotherStep_showsNoErrorOfTheOneBefore() throws Exception {
        failedAtShip().close();
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            assertThat(backOps.operations().find(1).orElseThrow().errorMessage())
                    .isEqualTo("no van");

            backOps.operations().jumpTo(1, "thank");

            assertThat(backOps.operations().find(1).orElseThrow().errorMessage())
                    .isNull();
            assertThat(backOps.operations().steps(1))
                    .extracting(StepInfo::name, StepInfo::errorMessage)
                    .containsExactly(tuple("charge", null), tuple("thank", null), tuple("ship", null));
            backOps.operations().jumpTo(1, "ship");
            assertThat(backOps.operations().find(1).orElseThrow().errorMessage())
                    .isEqualTo("no van");
        }
    }

    @Test
    void skip_lastStep_completesTheOperation() throws Exception {
        try (BackOps backOps = failedAtShip()) {
            backOps.operations().jumpTo(1, "thank");
            backOps.await(1, LONG);
            assertThat(backOps.operations().find(1).orElseThrow().stepsDone()).isEqualTo(2);
        }
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            long id = Order.client(backOps).enqueue(() -> Order.params(2)).id();
            backOps.operations().skip(id, Map.of("receipt", "paper"));
            backOps.operations().skip(id, Map.of());
            Instant end = database.jdbi()
                    .withHandle(handle -> handle.select("SELECT clock_timestamp()")
                            .mapTo(Instant.class)
                            .one());
            backOps.operations().skip(id, Map.of());
            assertThat(backOps.operations().list(Search.all().finishedFrom(end)))
                    .extracting(OperationInfo::id)
                    .containsExactly(id);
            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);
            assertThat(backOps.operations().find(id).orElseThrow().context())
                    .isEqualTo(Map.of("number", 2, "receipt", "paper"));
        }
    }

    @Test
    void retryFrom_runsAnEarlierStepAgainUnderAnotherKey() throws Exception {
        try (BackOps backOps = failedAtShip()) {
            vansOut.set(false);
            backOps.operations().retryFrom(1, "charge");

            assertThat(backOps.await(1, LONG)).isEqualTo(Status.COMPLETED);
            assertThat(calls).containsExactly("charge", "ship r1", "charge", "ship r1", "thank");
            assertThatThrownBy(() -> backOps.operations().retryFrom(1, "charge"))
                    .isInstanceOf(RepairRefusedException.class)
                    .hasMessageContaining("is completed");
        }
    }

    @Test
    void retryFrom_stepThatNeverRan_isRefused() throws Exception {
        try (BackOps backOps = failedAtShip()) {
            assertThatThrownBy(() -> backOps.operations().retryFrom(1, "thank"))
                    .isInstanceOf(RepairRefusedException.class)
                    .hasMessage("Operation 1 has not run step thank; to go on there, jump to it");
            assertThatThrownBy(() -> backOps.operations().jumpTo(1, "thnak"))
                    .isInstanceOf(RepairRefusedException.class)
                    .hasMessage("Operation 1 has no step thnak");
        }
    }

    @Test
    void retryFrom_whereAnOutputThatLaterStepsNeedIsUnset_isRefused() {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            Operations operations = backOps.operations();
            long id = Order.client(backOps).enqueue(() -> Order.params(1)).id();
            operations.skip(id, Map.of("receipt", "paper"));
            operations.skip(id, Map.of());
            operations.setOutput(id, "receipt", null);

            assertThatThrownBy(() -> operations.retryFrom(id, "ship"))
                    .isInstanceOf(RepairRefusedException.class)
                    .hasMessageStartingWith("Operation " + id + " cannot go on at ship: receipt must be set first");
            assertThat(operations.find(id).orElseThrow().step()).isEqualTo("thank");
            assertThat(operations.retryFrom(id, "charge").runs()).containsExactly("charge", "ship", "thank");
        }
    }

    @Test
    void setOutput_replacesWhatLaterStepsRead() throws Exception {
        try (BackOps backOps = failedAtShip()) {
            vansOut.set(false);
            backOps.operations().setOutput(1, "receipt", "r-paper");
            backOps.operations().resume(1);

            assertThat(backOps.await(1, LONG)).isEqualTo(Status.COMPLETED);
            assertThat(calls).containsExactly("charge", "ship r1", "ship r-paper", "thank");
            assertThat(backOps.operations().find(1).orElseThrow().context()).containsEntry("receipt", "r-paper");
            assertThatThrownBy(() -> backOps.operations().setOutput(1, "receipt", "late"))
                    .isInstanceOf(RepairRefusedException.class);
        }
    }

    @Test
    void repairs_inSql_doTheSame() throws Exception {
        try (BackOps backOps = failedAtShip()) {
            vansOut.set(false);
            database.jdbi().useHandle(handle -> handle.execute("SELECT backops.resume(1, 'bob', 'vans are back')"));

            assertThat(backOps.await(1, LONG)).isEqualTo(Status.COMPLETED);
            assertThat(audit()).containsExactly(tuple("resume", "bob", "vans are back"));
        }
    }

    @Test
    void repair_inSqlByNobody_isThatOfTheUserOfTheSession() {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            long id = Order.client(backOps).enqueue(() -> Order.params(1)).id();
            Sql sql = new Sql(database.dataSource());

            sql.texts("SELECT backops.cancel(?)", id);

            assertThat(audit()).containsExactly(tuple("cancel", sql.text("SELECT session_user"), null));
        }
    }

    @Test
    void repairs_sayWhatWillRunAndWhatOfThatAgain() throws Exception {
        try (BackOps backOps = failedAtShip()) {
            Operations operations = backOps.operations();
            vansOut.set(false);
            assertThat(operations.setOutput(1, "note", "by bike"))
                    .isEqualTo(new Ahead(List.of("ship", "thank"), List.of()));
            assertThat(operations.jumpTo(1, "ship")).isEqualTo(new Ahead(List.of("ship", "thank"), List.of()));
            backOps.await(1, LONG);
        }
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            long id = Order.client(backOps).enqueue(() -> Order.params(2)).id();
            Operations operations = backOps.operations();
            assertThat(operations.skip(id, Map.of("receipt", "paper")).runs()).containsExactly("ship", "thank");
            operations.pause(id);
            assertThat(operations.retryFrom(id, "charge"))
                    .isEqualTo(new Ahead(List.of("charge", "ship", "thank"), List.of()));
            assertThat(operations.unpause(id).runs()).containsExactly("charge", "ship", "thank");
            operations.jumpTo(id, "thank");
            assertThat(operations.skip(id, Map.of())).isEqualTo(new Ahead(List.of(), List.of()));
        }
    }

    @Test
    void retryFrom_saysWhatRunsASecondTime() throws Exception {
        try (BackOps backOps = failedAtShip()) {
            vansOut.set(false);

            assertThat(backOps.operations().retryFrom(1, "charge"))
                    .isEqualTo(new Ahead(List.of("charge", "ship", "thank"), List.of("charge")));
        }
    }

    @Test
    void setOutput_toNothingWhereALaterStepNeedsIt_isRefused() throws Exception {
        try (BackOps backOps = failedAtShip()) {
            assertThatThrownBy(() -> backOps.operations().setOutput(1, "receipt", null))
                    .isInstanceOf(RepairRefusedException.class)
                    .hasMessageStartingWith("Operation 1 cannot go on at ship: receipt must be set first");

            backOps.operations().setOutput(1, "note", null);
            assertThat(backOps.operations().find(1).orElseThrow().context()).containsEntry("receipt", "r1");
            backOps.operations().jumpTo(1, "thank");
        }
    }

    @Test
    void repair_ofAllFound_repairsEachByItselfAndSaysWhyNot() throws Exception {
        List<Long> failed = new ArrayList<>();
        try (BackOps backOps = started()) {
            mayCharge.countDown();
            for (int number = 1; number <= 3; number++) {
                long one = number;
                failed.add(
                        Order.client(backOps).enqueue(() -> Order.params(one)).id());
            }
            for (long id : failed) {
                assertThat(backOps.await(id, LONG)).isEqualTo(Status.FAILED);
            }
            long waiting = Order.client(backOps)
                    .after(Duration.ofHours(1))
                    .enqueue(() -> Order.params(1))
                    .id();
            Repairs all = backOps.operations().repair(Search.all()).by("ann", "again");

            RepairReport skipped = all.jumpTo("ship");
            assertThat(skipped.repaired()).containsOnlyKeys(failed);
            assertThat(skipped.refused())
                    .containsOnly(Map.entry(
                            waiting, "Operation " + waiting + " cannot go on at ship: receipt must be set first"));
            for (long id : failed) {
                awaitStatus(backOps, id, Status.FAILED);
            }
            vansOut.set(false);
            RepairReport one =
                    backOps.operations().repair(Search.all().param("number", 2)).resume();
            assertThat(one.repaired())
                    .containsOnly(Map.entry(failed.get(1), new Ahead(List.of("ship", "thank"), List.of())));
            assertThat(backOps.operations().repair(Search.of(Status.COMPLETED)).resume())
                    .isEqualTo(new RepairReport(Map.of(), Map.of()));
            backOps.await(failed.get(1), LONG);
            assertThat(Order.client(backOps)
                            .find(Search.all().limit(1), values -> values)
                            .repair()
                            .cancel()
                            .repaired())
                    .containsOnlyKeys(waiting);
            assertThat(all.resume().repaired()).containsOnlyKeys(failed.get(0), failed.get(2));
            assertThat(audit()).startsWith(tuple("jump_to", "ann", "again"));
        }
    }

    @Test
    void repairs_onAFailureBranch_stillEndAsCompensated() throws Exception {
        AtomicBoolean bankIsClosed = new AtomicBoolean(true);
        RetryPolicy once = RetryPolicy.of(1, "PT0S", 1, "PT1S", 0);
        OperationDefinition definition = OperationDefinition.named("undo")
                .step(StepDefinition.named("book").onFailure("undo").retry(once))
                .step(StepDefinition.named("send"))
                .step(StepDefinition.named("refund").branch("undo").retry(once));
        OperationSteps undo = OperationSteps.of(definition)
                .step("book", (values, run) -> {
                    throw new StepAbortedException("fully booked");
                })
                .step("send", (values, run) -> StepResult.none())
                .step("refund", (values, run) -> {
                    if (bankIsClosed.get()) {
                        throw new StepAbortedException("closed");
                    }
                    return StepResult.none();
                });
        try (BackOps backOps = BackOps.builder(database.dataSource())
                .pollInterval(Duration.ofMillis(50))
                .build()) {
            long paused = backOps.client(definition).enqueue(Values::none).id();
            backOps.operations().pause(paused);
            backOps.register(undo).start();
            long id = backOps.client(definition).enqueue(Values::none).id();
            assertThat(backOps.await(id, LONG)).isEqualTo(Status.FAILED);
            long forward = backOps.client(definition).enqueue(Values::none).id();
            assertThat(backOps.await(forward, LONG)).isEqualTo(Status.FAILED);
            bankIsClosed.set(false);

            assertThat(backOps.operations().retryFrom(id, "refund").runs()).containsExactly("refund");
            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPENSATED);
            assertThat(backOps.operations().jumpTo(paused, "refund").runs()).containsExactly("refund");
            backOps.operations().unpause(paused);
            assertThat(backOps.await(paused, LONG)).isEqualTo(Status.COMPENSATED);
            backOps.operations().jumpTo(forward, "send");
            assertThat(backOps.await(forward, LONG)).isEqualTo(Status.COMPLETED);

            bankIsClosed.set(true);
            long skipped = backOps.client(definition).enqueue(Values::none).id();
            assertThat(backOps.await(skipped, LONG)).isEqualTo(Status.FAILED);
            backOps.operations().skip(skipped, Map.of());
            assertThat(backOps.await(skipped, LONG)).isEqualTo(Status.COMPENSATED);
            assertThat(backOps.operations().find(skipped).orElseThrow().attempts())
                    .isZero();
        }
    }

    @Test
    void skip_ofAStepThatAlwaysJumps_isRefusedWhereOutputsWouldBeMissing() {
        OperationDefinition definition = OperationDefinition.named("plans")
                .step(StepDefinition.named("choose").alwaysJumps("red", "blue"))
                .step(StepDefinition.named("red").branch("red").outputs(Order.RECEIPT))
                .step(StepDefinition.named("blue").branch("blue").outputs(Order.RECEIPT))
                .step(StepDefinition.named("send").reads("receipt"));
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            long id = backOps.client(definition).enqueue(Values::none).id();

            assertThatThrownBy(() -> backOps.operations().skip(id, Map.of()))
                    .isInstanceOf(RepairRefusedException.class)
                    .hasMessageStartingWith("Operation " + id + " cannot go on at send: receipt must be set first");
            // What follows the choice is open.
            assertThat(backOps.operations().jumpTo(id, "choose").runs()).containsExactly("choose");
            assertThat(backOps.operations().jumpTo(id, "blue").runs()).containsExactly("blue", "choose");
        }
    }

    private BackOps failedAtShip() throws InterruptedException {
        mayCharge.countDown();
        BackOps backOps = started();
        Order.client(backOps).enqueue(() -> Order.params(1));
        assertThat(backOps.await(1, LONG)).isEqualTo(Status.FAILED);
        return backOps;
    }

    private BackOps started() {
        BackOps backOps = BackOps.builder(database.dataSource())
                .pollInterval(Duration.ofMillis(50))
                .build();
        backOps.register(Order.steps(steps)).start();
        return backOps;
    }

    private static void awaitStatus(BackOps backOps, long id, Status status) {
        org.awaitility.Awaitility.await()
                .atMost(LONG)
                .until(() -> backOps.operations().status(id).orElseThrow() == status);
    }

    private List<org.assertj.core.groups.Tuple> audit() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT act, who, why FROM backops.audit ORDER BY id")
                        .map((row, context) -> tuple(row.getString("act"), row.getString("who"), row.getString("why")))
                        .list());
    }
}
