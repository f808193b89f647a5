package dev.backops.chaos;

import dev.backops.BackOps;
import dev.backops.annotation.KeyScope;
import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.RetryPolicy;
import dev.backops.codegen.StepBody;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Types;
import dev.backops.codegen.Values;
import java.util.List;

/** Operations of every kind: what an application has in the course of a day, in the course of some seconds. */
final class Mixed {

    /** Where one of them writes to. */
    static final String BALANCES = "CREATE TABLE public.balance (slot int PRIMARY KEY, bookings int NOT NULL);"
            + " INSERT INTO public.balance SELECT slot, 0 FROM generate_series(0, 9) AS slot";

    private static final int SLOTS = 10;

    private static final Field<Long> SLOT = Field.required("slot", Types.LONG);
    private static final Field<Integer> ROUND = Field.required("round", Types.INT);
    private static final Field<String> TEXT = Field.required("text", Types.STRING);

    private static final RetryPolicy ONCE = RetryPolicy.of(1, "PT1S", 1, "PT1S", 0);
    private static final RetryPolicy SOON = RetryPolicy.of(10, "PT0.05S", 1, "PT1S", 0.2);

    private static final StepBody NOTHING = (values, run) -> StepResult.none();

    private static final StepBody FAILURE = (values, run) -> {
        throw new IllegalArgumentException("For good");
    };

    private static final OperationSteps QUICK =
            OperationSteps.of(named("quick").step(StepDefinition.named("work"))).step("work", NOTHING);

    private static final OperationSteps DELAYED = OperationSteps.of(named("delayed")
                    .step(StepDefinition.named("now"))
                    .step(StepDefinition.named("later").delay("PT0.3S")))
            .step("now", NOTHING)
            .step("later", NOTHING);

    /** Goes round five times. */
    private static final OperationSteps JUMPING = OperationSteps.of(named("jumping")
                    .step(StepDefinition.named("count").mayRead("round").outputs(ROUND))
                    .step(StepDefinition.named("again").reads("round").jumps("count"))
                    .step(StepDefinition.named("leave")))
            .step(
                    "count",
                    (values, run) -> StepResult.of(ROUND, values.find(ROUND).orElse(0) + 1))
            .step("again", (values, run) -> StepResult.none().jump(values.get(ROUND) < 5 ? "count" : null))
            .step("leave", NOTHING);

    /** Fails twice before it succeeds. */
    private static final OperationSteps RETRYING = OperationSteps.of(
                    named("retrying").step(StepDefinition.named("try").retry(SOON)))
            .step("try", (values, run) -> {
                if (run.attempt() < 3) {
                    throw new IllegalStateException("Not yet");
                }
                return StepResult.none();
            });

    /** Fails for good, and makes up for it. */
    private static final OperationSteps COMPENSATING = OperationSteps.of(named("compensating")
                    .step(StepDefinition.named("fail").retry(ONCE).onFailure("undo"))
                    .step(StepDefinition.named("apologise").branch("undo")))
            .step("fail", FAILURE)
            .step("apologise", NOTHING);

    /** Fails for good, and waits for somebody. */
    private static final OperationSteps FAILING = OperationSteps.of(
                    named("failing").step(StepDefinition.named("fail").retry(ONCE)))
            .step("fail", FAILURE);

    /** Writes to one of ten rows, for which it waits now and then. */
    private static final OperationSteps BOOKING = OperationSteps.of(named("booking")
                    .step(StepDefinition.named("book").reads("slot").transactional()))
            .transactionalStep("book", (values, run, handle) -> {
                handle.execute("UPDATE public.balance SET bookings = bookings + 1 WHERE slot = ?", values.get(SLOT));
                return StepResult.none();
            });

    /** Has a value of 50,000 characters. */
    private static final OperationSteps BIG = OperationSteps.of(named("big")
                    .step(StepDefinition.named("read").outputs(TEXT))
                    .step(StepDefinition.named("use").reads("text")))
            .step("read", (values, run) -> StepResult.of(TEXT, "0123456789".repeat(5_000)))
            .step("use", (values, run) -> {
                values.get(TEXT);
                return StepResult.none();
            });

    /** One of a slot at a time. */
    private static final OperationSteps KEYED = OperationSteps.of(
                    named("keyed").key("slot").keyScope(KeyScope.UNFINISHED).step(StepDefinition.named("work")))
            .step("work", NOTHING);

    private static final List<OperationSteps> ALL =
            List.of(QUICK, DELAYED, JUMPING, RETRYING, COMPENSATING, FAILING, BOOKING, BIG, KEYED);

    private Mixed() {}

    private static OperationDefinition named(String name) {
        return OperationDefinition.named("mixed." + name).params(SLOT);
    }

    static void register(BackOps backOps) {
        ALL.forEach(backOps::register);
    }

    /** Enqueues one of each kind in turn, as the number rises. */
    static void enqueue(BackOps backOps, long number) {
        OperationDefinition definition = ALL.get((int) (number % ALL.size())).definition();
        backOps.client(definition).enqueue(() -> Values.of(SLOT, number / ALL.size() % SLOTS));
    }

    /** Whether that one books. */
    static boolean books(long number) {
        return ALL.get((int) (number % ALL.size())) == BOOKING;
    }
}
