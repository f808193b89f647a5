package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import dev.backops.codegen.Field;
import dev.backops.codegen.OperationClient;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.RetryPolicy;
import dev.backops.codegen.StepBody;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Types;
import dev.backops.codegen.ValueType;
import dev.backops.codegen.Values;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Branches, jumps, failure branches and times, as they are run and shown. */
class FlowRunTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Field<Instant> WHEN = Field.nullable("when", Types.INSTANT);
    private static final Field<Long> COUNT = Field.required("count", Types.LONG);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private final List<String> calls = new CopyOnWriteArrayList<>();

    @Test
    void jumpToBranch_returnsBehindTheMainStepItCameFrom() throws Exception {
        OperationDefinition definition = OperationDefinition.named("flow.branches")
                .step(StepDefinition.named("choose").alwaysJumps("red", "blue"))
                .step(StepDefinition.named("setUpRed").branch("red"))
                .step(StepDefinition.named("setUpBlue").branch("blue"))
                .step(StepDefinition.named("paintBlue").branch("blue"))
                .step(StepDefinition.named("send"));
        OperationSteps steps = steps(definition)
                .step("choose", called("choose", StepResult.none().jump("blue")));

        assertThat(run(definition, steps)).isEqualTo(Status.COMPLETED);

        assertThat(calls).containsExactly("choose", "setUpBlue", "paintBlue", "send");
    }

    @Test
    void outputOfEveryBranch_isThereForTheStepBehindThem() throws Exception {
        OperationDefinition definition = OperationDefinition.named("flow.exclusive")
                .step(StepDefinition.named("choose").alwaysJumps("red", "blue"))
                .step(StepDefinition.named("setUpRed").branch("red").outputs(COUNT))
                .step(StepDefinition.named("setUpBlue").branch("blue").outputs(COUNT))
                .step(StepDefinition.named("send").reads("count"));
        OperationSteps steps = steps(definition)
                .step("choose", called("choose", StepResult.none().jump("red")))
                .step("setUpRed", called("setUpRed", StepResult.of(COUNT, 1L)));

        assertThat(run(definition, steps)).isEqualTo(Status.COMPLETED);

        assertThat(calls).containsExactly("choose", "setUpRed", "send");
    }

    @Test
    void thenAndEnd_replaceTheOrder() throws Exception {
        OperationDefinition definition = OperationDefinition.named("flow.then")
                .step(StepDefinition.named("one").then("side"))
                .step(StepDefinition.named("two"))
                .step(StepDefinition.named("aside").branch("side").then("three"))
                .step(StepDefinition.named("three").then("end"))
                .step(StepDefinition.named("four"));

        assertThat(run(definition, steps(definition))).isEqualTo(Status.COMPLETED);

        assertThat(calls).containsExactly("one", "aside", "three");
        assertThat(shown(1))
                .containsExactly("one completed", "aside completed", "three completed", "two skipped", "four skipped");
    }

    @Test
    void stepThatAJumpPassesOver_isShownAsSkipped_untilAJumpBackPlansItAgain() throws Exception {
        OperationDefinition definition = OperationDefinition.named("flow.over")
                .step(StepDefinition.named("choose").alwaysJumps("third", "second"))
                .step(StepDefinition.named("second"))
                .step(StepDefinition.named("third").jumps("choose", "aside"))
                .step(StepDefinition.named("fourth"))
                .step(StepDefinition.named("aside").branch("side").delay("PT1H"));
        AtomicInteger chosen = new AtomicInteger();
        CountDownLatch looked = new CountDownLatch(1);
        OperationSteps steps = steps(definition)
                .step("choose", (values, run) -> {
                    if (chosen.incrementAndGet() == 1) {
                        return StepResult.none().jump("third");
                    }
                    looked.await();
                    return StepResult.none().jump("second");
                })
                .step("third", (values, run) -> StepResult.none().jump(chosen.get() == 1 ? "choose" : "aside"));
        try (BackOps backOps = started(steps)) {
            long id = backOps.client(definition).enqueue(Values::none).id();

            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(shown(id))
                            .containsExactly(
                                    "choose completed",
                                    "third completed",
                                    "choose running",
                                    "second pending",
                                    "third pending",
                                    "fourth pending"));
            looked.countDown();
            await().atMost(LONG).until(() -> backOps.operations().status(id).equals(Optional.of(Status.SCHEDULED)));
            assertThat(shown(id))
                    .containsExactly(
                            "choose completed",
                            "third completed",
                            "choose completed",
                            "second completed",
                            "third completed",
                            "aside pending");
            assertThat(backOps.operations().jumpTo(id, "fourth").runs()).containsExactly("fourth");
            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);
        }
    }

    @Test
    void stepOfMain_passedOverOnTheWayToABranch_isShownAsSkipped() throws Exception {
        OperationDefinition definition = OperationDefinition.named("flow.aside")
                .step(StepDefinition.named("first").alwaysJumps("third"))
                .step(StepDefinition.named("second"))
                .step(StepDefinition.named("third").alwaysJumps("side"))
                .step(StepDefinition.named("fourth"))
                .step(StepDefinition.named("aside").branch("side").delay("PT1H"));
        OperationSteps steps = steps(definition)
                .step("first", called("first", StepResult.none().jump("third")))
                .step("third", called("third", StepResult.none().jump("side")));
        try (BackOps backOps = started(steps)) {
            long id = backOps.client(definition).enqueue(Values::none).id();
            await().atMost(LONG).until(() -> backOps.operations().status(id).equals(Optional.of(Status.SCHEDULED)));

            assertThat(shown(id))
                    .containsExactly("first completed", "third completed", "aside pending", "second skipped");
        }
    }

    @Test
    void jumpBack_runsAStepAgainAsItsOwnRow() throws Exception {
        OperationDefinition definition = OperationDefinition.named("flow.back")
                .step(StepDefinition.named("count").outputs(COUNT))
                .step(StepDefinition.named("check").reads("count").jumps("count"))
                .step(StepDefinition.named("done").reads("count"));
        AtomicInteger counted = new AtomicInteger();
        OperationSteps steps = steps(definition)
                .step("count", (values, run) -> StepResult.of(COUNT, (long) counted.incrementAndGet()))
                .step("check", (values, run) -> {
                    calls.add(run.idempotencyKey());
                    return StepResult.none().jump(values.get(COUNT) < 3 ? "count" : null);
                });

        assertThat(run(definition, steps)).isEqualTo(Status.COMPLETED);

        assertThat(calls.subList(0, 3)).doesNotHaveDuplicates();
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            assertThat(backOps.operations().steps(1))
                    .extracting(StepInfo::seq, StepInfo::name)
                    .containsExactly(
                            tuple(0, "count"),
                            tuple(1, "check"),
                            tuple(2, "count"),
                            tuple(3, "check"),
                            tuple(4, "count"),
                            tuple(5, "check"),
                            tuple(6, "done"));
            assertThat(backOps.operations().find(1).orElseThrow().context()).containsEntry("count", 3);
        }
    }

    @Test
    void failureBranch_runsOnceTheStepHasFailedForGoodAndEndsTheOperation() throws Exception {
        OperationDefinition definition = OperationDefinition.named("flow.undo")
                .step(StepDefinition.named("charge").onFailure("undo").retry(RetryPolicy.of(2, "PT0S", 1, "PT1S", 0)))
                .step(StepDefinition.named("send"))
                .step(StepDefinition.named("refund").branch("undo"))
                .step(StepDefinition.named("apologise").branch("undo"));
        OperationSteps steps = steps(definition).step("charge", (values, run) -> {
            calls.add("charge");
            throw new IllegalStateException("declined");
        });

        assertThat(run(definition, steps)).isEqualTo(Status.COMPENSATED);

        assertThat(calls).containsExactly("charge", "charge", "refund", "apologise");
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            assertThat(backOps.operations().steps(1))
                    .extracting(StepInfo::name, StepInfo::status)
                    .containsExactly(
                            tuple("charge", StepStatus.FAILED),
                            tuple("refund", StepStatus.COMPLETED),
                            tuple("apologise", StepStatus.COMPLETED));
            assertThat(backOps.operations().failures(1)).hasSize(2);
            assertThat(backOps.operations().list(Search.of(Status.COMPENSATED))).hasSize(1);
        }
    }

    @Test
    void times_holdAStepBackUntilThen() throws Exception {
        OperationDefinition definition = OperationDefinition.named("flow.times")
                .params(WHEN)
                .step(StepDefinition.named("first").at("when"))
                .step(StepDefinition.named("second").delay("PT0.3S"))
                .step(StepDefinition.named("third").at("when"));
        try (BackOps backOps = started(steps(definition))) {
            OperationClient client = backOps.client(definition);
            Instant when = Instant.now().plusSeconds(2);
            long later = client.enqueue(() -> Values.of(WHEN, when)).id();
            long now = client.enqueue(Values::none).id();

            assertThat(backOps.operations().status(later)).contains(Status.SCHEDULED);
            assertThat(backOps.await(now, LONG)).isEqualTo(Status.COMPLETED);
            assertThat(backOps.await(later, LONG)).isEqualTo(Status.COMPLETED);

            List<StepInfo> immediate = backOps.operations().steps(now);
            assertThat(immediate.get(0).startedAt()).isBefore(when);
            assertThat(immediate.get(1).startedAt())
                    .isAfterOrEqualTo(Objects.requireNonNull(immediate.get(0).finishedAt())
                            .plusMillis(300));
            assertThat(backOps.operations().steps(later).get(0).startedAt()).isAfterOrEqualTo(when);
        }
    }

    static Stream<Arguments> timesWithOffset() {
        // The same time as texts that are hours apart.
        return Stream.of(
                Arguments.of(
                        Types.OFFSET_DATE_TIME, (Function<Instant, Object>) at -> at.atOffset(ZoneOffset.ofHours(9))),
                Arguments.of(Types.ZONED_DATE_TIME, (Function<Instant, Object>)
                        at -> at.atZone(ZoneId.of("America/New_York"))));
    }

    @ParameterizedTest
    @MethodSource("timesWithOffset")
    <T> void timeThatAStepSets_holdsTheNextOneBackUntilThen(ValueType<T> type, Function<Instant, T> local)
            throws Exception {
        Field<T> until = Field.required("until", type);
        OperationDefinition definition = OperationDefinition.named("flow.until")
                .step(StepDefinition.named("plan").outputs(until))
                .step(StepDefinition.named("go").at("until"));
        Instant when = Instant.now().plusSeconds(2);
        try (BackOps backOps =
                started(steps(definition).step("plan", (values, run) -> StepResult.of(until, local.apply(when))))) {
            long id = backOps.client(definition).enqueue(Values::none).id();

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);
            assertThat(backOps.operations().steps(id).get(1).startedAt()).isAfterOrEqualTo(when);
        }
    }

    private List<String> shown(long id) {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            return backOps.operations().steps(id).stream()
                    .map(step -> step.name() + " " + step.status().name().toLowerCase(Locale.ROOT))
                    .toList();
        }
    }

    private Status run(OperationDefinition definition, OperationSteps steps) throws InterruptedException {
        try (BackOps backOps = started(steps)) {
            return backOps.await(
                    backOps.client(definition).enqueue(Values::none).id(), LONG);
        }
    }

    private BackOps started(OperationSteps steps) {
        BackOps backOps = BackOps.builder(database.dataSource()).build();
        backOps.register(steps).start();
        return backOps;
    }

    /** Steps that note their call. */
    private OperationSteps steps(OperationDefinition definition) {
        OperationSteps steps = OperationSteps.of(definition);
        for (StepDefinition step : definition.steps()) {
            steps = steps.step(step.name(), called(step.name(), StepResult.none()));
        }
        return steps;
    }

    private StepBody called(String name, StepResult result) {
        return (values, run) -> {
            calls.add(name);
            return result;
        };
    }
}
