package dev.backops.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backops.internal.store.Database;
import dev.backops.internal.store.DefinitionStore.DefinitionRow;
import dev.backops.internal.store.EngineSession;
import dev.backops.testkit.Interceptor;
import dev.backops.testkit.Order;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ClaimLoopTest {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final long ME = 7;

    @RegisterExtension
    final TestDatabase testDatabase = TestDatabase.withTables();

    private final Tables tables = new Tables(testDatabase);
    private final Clocks clocks = new Clocks();
    private final Lease lease = new Lease(Duration.ofMinutes(1), clocks.wall(), clocks::nanos);
    private final Registry registry = new Registry();
    private final ReadyBuffer buffer =
            new ReadyBuffer(4, Map.of("billing", 2, "leave", 0), Threads::forSteps, unused -> {});
    private final Heard heard = new Heard();
    private Interceptor interceptor;
    private EngineSession session;
    private boolean told;
    private ClaimLoop loop;

    @BeforeEach
    void open() {
        tables.definition();
        registry.add(Order.steps(new Order.Steps() {}));
        look();
        tables.worker(ME);
        lease.renew(ME, lease.now());
        interceptor = new Interceptor(testDatabase.dataSource());
        session = new Database(interceptor.dataSource()).session();
        loop = new ClaimLoop(
                session,
                Tables.STORES.work(),
                new IdleMark(session, Tables.STORES.workers(), clocks::nanos),
                Tables.STORES.operations(),
                registry,
                lease,
                buffer,
                POLL,
                () -> told,
                heard,
                clocks::nanos);
    }

    @AfterEach
    void close() {
        session.close();
        buffer.interrupt();
    }

    @Test
    void readyOperation_isClaimedWithAllThatItsStepNeeds() {
        long id = tables.add("attempts = 2, token = 4");
        tables.execute("UPDATE backops.operation SET steps_done = 2, next_step = 'ship'");
        step(id, 0, "{\"receipt\": \"old\", \"note\": \"fragile\"}");
        step(id, 1, "{\"receipt\": \"r1\", \"note\": null}");

        loop.runOnce();

        Execution run = heard.claimed.get(0);
        assertThat(run.id()).isEqualTo(id);
        assertThat(run.worker()).isEqualTo(ME);
        assertThat(run.token()).isEqualTo(5);
        assertThat(run.step().name()).isEqualTo("ship");
        assertThat(run.seq()).isEqualTo(2);
        assertThat(run.attempt()).isEqualTo(3);
        assertThat(run.params()).isEqualTo(Map.of("number", 0));
        assertThat(run.outputs()).isEqualTo(Map.of("receipt", "r1"));
    }

    @Test
    void suspects_areClaimedOneAtATime_andTheOthersBesideThem() {
        long first = tables.add("crashes = 3");
        long second = tables.add("crashes = 4");
        long innocent = tables.add("crashes = 2");

        loop.runOnce();
        assertThat(heard.ids()).containsExactlyInAnyOrder(first, innocent);
        loop.runOnce();
        assertThat(heard.ids()).doesNotContain(second);

        buffer.acquit(first);
        loop.runOnce();
        assertThat(heard.ids()).contains(second);

        long third = tables.add("crashes = 5");
        loop.runOnce();
        assertThat(heard.ids()).doesNotContain(third);
        buffer.release(second);
        loop.runOnce();
        assertThat(heard.ids()).contains(third);
    }

    @Test
    void queueThatIsFull_blocksNoOther() {
        List<Long> billing = tables.add(20);
        billing.forEach(id -> tables.work(id, "queue = 'billing'"));
        registry.updateQueues(List.of("billing"));
        long other = tables.add();

        claimAll();
        int ofBilling = heard.claimed.size() - 1;
        assertThat(heard.ids()).contains(other).hasSizeBetween(3, 20);
        assertThat(buffer.pool("billing").orElseThrow().room()).isZero();

        long later = tables.add();
        claimAll();
        assertThat(heard.ids()).contains(later).hasSize(ofBilling + 2);

        buffer.release(billing.get(0));
        assertThat(loop.wantsMore()).isTrue();
        claimAll();
        assertThat(heard.ids()).hasSize(ofBilling + 3);
    }

    @Test
    void queueWithoutThreads_isLeftToOthers() {
        tables.add("queue = 'leave'");
        tables.add("queue = 'leave', crashes = 3");
        registry.updateQueues(List.of("leave"));

        claimAll();

        assertThat(heard.claimed).isEmpty();
    }

    @Test
    void queueThatNoOperationNames_isClaimedOnceItIsKnown() {
        long id = tables.add("queue = 'of yesterday'");
        claimAll();
        assertThat(heard.claimed).isEmpty();

        assertThat(registry.updateQueues(tables.database()
                        .<List<String>, RuntimeException>with(
                                on -> Tables.STORES.work().queuesBeside(on, registry.declaredQueues()))))
                .isTrue();
        claimAll();

        assertThat(heard.ids()).containsExactly(id);
        assertThat(registry.updateQueues(List.of("of yesterday"))).isFalse();
    }

    @Test
    void queuesThatShareThreads_takeTurns_andUrgentOnesGoFirst() {
        registry.updateQueues(List.of("a", "b"));
        List<Long> ofA = tables.add(40);
        ofA.forEach(id -> tables.work(id, "queue = 'a'"));
        List<Long> ofB = tables.add(40);
        ofB.forEach(id -> tables.work(id, "queue = 'b'"));
        long urgent = tables.add("queue = 'b', priority = 0");

        for (int i = 0; i < 3; i++) {
            claimAll();
            heard.claimed.forEach(run -> buffer.release(run.id()));
        }

        assertThat(heard.ids().get(0)).isEqualTo(urgent);
        assertThat(heard.ids()).containsAnyElementsOf(ofA).containsAnyElementsOf(ofB);
    }

    @Test
    void operations_comeInTheOrderOfTheirClaim() {
        long late = tables.add();
        long early = tables.add("run_at = '2026-01-01Z'");
        long urgent = tables.add("priority = 0");

        loop.runOnce();

        assertThat(heard.ids()).containsExactly(urgent, early, late);
    }

    @Test
    void findingNothing_aWorkerThatIsTold_marksItselfIdleAndLooksOnceMoreAndThenMoreRarely() {
        told = true;
        for (int i = 0; i < 4; i++) {
            loop.runOnce();
        }
        assertThat(idle()).isFalse();

        assertThat(loop.runOnce()).isEqualTo(Duration.ZERO);
        assertThat(idle()).isTrue();
        assertThat(loop.runOnce().toMillis()).isEqualTo(64);
        assertThat(IntStream.range(0, 2).mapToObj(i -> loop.runOnce().toMillis()))
                .containsExactly(128L, 256L);
        assertThat(loop.runOnce())
                .isBetween(
                        POLL.multipliedBy(5).dividedBy(2), POLL.multipliedBy(15).dividedBy(2));
    }

    @Test
    void idleMark_staysForASecondOfWork() {
        told = true;
        for (int i = 0; i < 5; i++) {
            loop.runOnce();
        }
        assertThat(idle()).isTrue();

        tables.add();
        loop.runOnce();
        assertThat(idle()).as("most work is over by then").isTrue();

        clocks.pass(Duration.ofMillis(1_100));
        tables.add();
        loop.runOnce();
        assertThat(idle()).isFalse();
    }

    @Test
    void findingNothing_itWaitsTwiceAsLongUpToThePollInterval() {
        assertThat(IntStream.range(0, 5).mapToObj(i -> loop.runOnce().toMillis()))
                .containsExactly(4L, 8L, 16L, 32L, 64L);
        assertThat(loop.runOnce())
                .isBetween(POLL.dividedBy(2), POLL.multipliedBy(3).dividedBy(2));

        loop.expectWork();
        assertThat(loop.runOnce().toMillis()).isEqualTo(4);
        assertThat(loop.runOnce().toMillis()).isEqualTo(8);

        tables.add();
        assertThat(loop.runOnce().toMillis()).isEqualTo(4);
        assertThat(loop.runOnce().toMillis()).isEqualTo(8);
    }

    @Test
    void claims_areNoMoreThanThereIsRoomFor() {
        List<Long> ids = tables.add(30);
        int room = room();
        assertThat(room).isBetween(1, 29);

        assertThat(loop.runOnce()).isZero();
        assertThat(heard.ids()).containsExactlyElementsOf(ids.subList(0, room));
        assertThat(loop.runOnce()).isPositive();
        assertThat(loop.wantsMore()).isFalse();

        ids.subList(0, room).forEach(buffer::release);
        assertThat(loop.wantsMore()).isTrue();
        loop.runOnce();
        assertThat(heard.ids()).containsExactlyElementsOf(ids.subList(0, 2 * room));
    }

    @Test
    void operation_thatBecomesReadyBehindTheCursor_isFoundAgainInASecond() {
        List<Long> ids = tables.add(20);
        loop.runOnce();
        heard.claimed.forEach(run -> buffer.release(run.id()));
        long before = tables.add("run_at = '2026-01-01Z'");
        loop.runOnce();
        assertThat(heard.ids()).doesNotContain(before).containsExactlyElementsOf(ids.subList(0, heard.claimed.size()));

        heard.claimed.forEach(run -> buffer.release(run.id()));
        clocks.pass(Duration.ofMillis(1_001));
        loop.runOnce();
        assertThat(heard.ids()).contains(before);
    }

    @Test
    void claim_thatBehindTheCursorFindsLessThanItWants_isFollowedByOneFromTheStart() {
        tables.add(room());
        assertThat(loop.runOnce()).isZero();
        heard.claimed.forEach(run -> buffer.release(run.id()));
        long before = tables.add("run_at = '2026-01-01Z'");

        assertThat(loop.runOnce()).isZero();
        assertThat(heard.ids()).doesNotContain(before);
        assertThat(loop.runOnce().toMillis()).isEqualTo(4);
        assertThat(heard.ids()).contains(before);
    }

    @Test
    void lookFromTheBeginning_thatTookLong_isFollowedByNoneForTwentyTimesAsLong() {
        nextLookTakes(Duration.ofMillis(45));
        assertThat(loop.runOnce().toMillis()).isEqualTo(4);
        long before = tables.add("run_at = '2026-01-01Z'");
        long committedLate = tables.add("run_at = now() - interval '500 ms'");
        long ahead = tables.add();

        loop.runOnce();
        assertThat(heard.ids()).containsExactly(committedLate, ahead);
        clocks.pass(Duration.ofMillis(890));
        loop.runOnce();
        assertThat(heard.ids()).doesNotContain(before);

        clocks.pass(Duration.ofMillis(11));
        loop.runOnce();
        assertThat(heard.ids()).contains(before);
    }

    @ParameterizedTest
    @CsvSource({"6, 120, false", "6, 120, true", "49, 980, false", "200, 1_000, true", "60_000, 1_000, true"})
    void whatBecameReadyBefore_isFoundAsSoonAsALookFromTheBeginningMayTakePlace(
            String took, String found, boolean canBeTold) {
        told = canBeTold;
        lease.renew(ME, lease.now());
        nextLookTakes(millis(took));
        loop.runOnce();
        lease.renew(ME, lease.now());
        long before = tables.add("run_at = '2026-01-01Z'");

        Duration waited = Duration.ZERO;
        while (heard.claimed.isEmpty()) {
            Duration wait = loop.runOnce();
            clocks.pass(wait);
            waited = heard.claimed.isEmpty() ? waited.plus(wait) : waited;
        }

        assertThat(heard.ids()).containsExactly(before);
        assertThat(waited).isBetween(millis(found), millis(found).plusMillis(1));
    }

    @Test
    void restAfterALookThatTookLong_isASecondAtFirst_andTwentyTimesAsLongAfterTheNext() {
        nextLookTakes(Duration.ofSeconds(1));
        loop.runOnce();
        for (int seconds : List.of(1, 20, 20)) {
            long before = tables.add("run_at = '2026-01-01Z'");
            clocks.pass(Duration.ofSeconds(seconds).minusMillis(5));
            lease.renew(ME, lease.now());
            loop.runOnce();
            assertThat(heard.ids()).as("before %s s", seconds).doesNotContain(before);

            clocks.pass(Duration.ofMillis(6));
            lease.renew(ME, lease.now());
            nextLookTakes(Duration.ofSeconds(1));
            loop.runOnce();
            assertThat(heard.ids()).as("after %s s", seconds).contains(before);
            buffer.release(before);
        }
    }

    /** Each look fills the room from the first lane, and never comes to those behind it, which are at their beginning. */
    @Test
    void whatBecameReadyBefore_isFoundWithinASecondOfABacklog_thoughEachLookTakesLong() {
        tables.add(10 * room());
        loop.runOnce();
        long before = tables.add("run_at = '2026-01-01Z'");

        int looks = 0;
        while (!heard.ids().contains(before)) {
            heard.claimed.forEach(run -> buffer.release(run.id()));
            nextLookTakes(Duration.ofMillis(300));
            loop.runOnce();
            looks++;
        }

        assertThat(looks).isBetween(2, 6);
    }

    @Test
    void lookFromTheBeginning_thatTookLong_skipsNoLaneThatItDidNotReach() {
        List<Long> ids = tables.add(2 * room());
        long low = tables.add("priority = 3, run_at = '2026-01-01Z'");
        nextLookTakes(Duration.ofMillis(100));
        assertThat(loop.runOnce()).isZero();
        long before = tables.add("priority = 0, run_at = '2026-01-01Z'");
        long urgent = tables.add("priority = 0");

        for (int i = 0; i < 3; i++) {
            heard.claimed.forEach(run -> buffer.release(run.id()));
            loop.runOnce();
        }

        assertThat(heard.ids()).containsAll(ids).contains(urgent, low).doesNotContain(before);
    }

    @Test
    void scheduledOperation_isHeardOfWhileNoLookStartsAtTheBeginning() {
        tables.add("state = 'scheduled'");
        nextLookTakes(Duration.ofMillis(200));
        loop.runOnce();
        heard.nextDue.clear();

        clocks.pass(Duration.ofMillis(1_001));
        loop.runOnce();

        assertThat(heard.nextDue).hasSize(1);
    }

    @Test
    void withoutALease_itClaimsNothing() {
        tables.add();
        clocks.pass(Duration.ofSeconds(59));

        assertThat(loop.runOnce()).isEqualTo(POLL);

        assertThat(heard.claimed).isEmpty();
    }

    @Test
    void scheduledOperation_isHeardOfWhenNothingIsFound() {
        tables.add("state = 'scheduled', run_at = now() + interval '1 hour'");

        loop.runOnce();

        assertThat(heard.nextDue).hasSize(1);
        assertThat(heard.nextDue.get(0)).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(60));
    }

    @Test
    void scheduledOperation_isHeardOfUnderLoadToo() {
        tables.add(100);
        tables.add("state = 'scheduled'");
        loop.runOnce();
        heard.nextDue.clear();
        heard.claimed.forEach(run -> buffer.release(run.id()));
        loop.runOnce();
        assertThat(heard.nextDue).as("within the same second").isEmpty();

        heard.claimed.forEach(run -> buffer.release(run.id()));
        clocks.pass(Duration.ofMillis(1_001));
        assertThat(loop.runOnce()).isZero();

        assertThat(heard.nextDue).hasSize(1);
    }

    @Test
    void claim_whoseAnswerIsLost_isGivenBackAndTakenAgain() {
        List<Long> ids = tables.add(2);
        interceptor.loseAnswer("COMMIT");
        assertThatThrownBy(loop::runOnce).isInstanceOf(RuntimeException.class);
        assertThat(tables.work(ids.get(0))).isEqualTo("running by 7, token 1, attempts 0, crashes 0");

        loop.runOnce();

        assertThat(heard.ids()).containsExactlyElementsOf(ids);
        assertThat(tables.work(ids.get(0))).isEqualTo("running by 7, token 2, attempts 0, crashes 0");
    }

    @Test
    void claim_whoseAnswerIsLost_leavesWhatIsInHand() {
        long inHand = tables.add();
        loop.runOnce();
        tables.add();
        interceptor.loseAnswer("COMMIT");
        assertThatThrownBy(loop::runOnce).isInstanceOf(RuntimeException.class);

        loop.runOnce();

        assertThat(heard.claimed).hasSize(2);
        assertThat(tables.work(inHand)).isEqualTo("running by 7, token 1, attempts 0, crashes 0");
    }

    /* Its last step still runs here, under the lease of a worker that was buried. */
    @Test
    void operation_thatStillRunsHere_isPostponed() {
        long id = tables.add();
        buffer.admit(id, 6, "default");

        loop.runOnce();

        assertThat(heard.claimed).isEmpty();
        assertThat(tables.work(id)).isEqualTo("scheduled, token 1, attempts 0, crashes 0");
        assertThat(heard.nextDue).contains(Duration.ofSeconds(1));
    }

    @Test
    void operation_thatStillRunsHere_isGivenBackAfterALostAnswerToo() {
        long id = tables.add();
        buffer.admit(id, 6, "default");
        interceptor.loseAnswer("COMMIT");
        assertThatThrownBy(loop::runOnce).isInstanceOf(RuntimeException.class);

        loop.runOnce();

        assertThat(tables.work(id)).isEqualTo("scheduled, token 2, attempts 0, crashes 0");
    }

    @Test
    void wishToCancel_isObeyedAsPartOfTheGivingBack_andTold() {
        List<Long> ids = tables.add(2);
        buffer.admit(ids.get(1), 6, "default");
        interceptor.loseAnswer("COMMIT");
        assertThatThrownBy(loop::runOnce).isInstanceOf(RuntimeException.class);
        tables.work(ids.get(0), "wanted = 'cancel'");
        interceptor.before("WITH obeyed", () -> {
            throw new IllegalStateException("the connection broke");
        });
        assertThatThrownBy(loop::runOnce).isInstanceOf(RuntimeException.class);
        assertThat(tables.work(ids.get(0))).startsWith("running by 7");
        interceptor.before("state = 'scheduled', worker = NULL", () -> tables.work(ids.get(1), "wanted = 'cancel'"));

        loop.runOnce();

        assertThat(heard.cancelled).containsExactlyElementsOf(ids);
        assertThat(ids.stream().map(tables::work)).allMatch(work -> work.startsWith("cancelled"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void failure_onTheWayFromTheClaim_losesNoOperation(boolean ofTheJvm) {
        List<Long> ids = tables.add(3);
        buffer.admit(ids.get(1), 6, "default");
        interceptor.before("state = 'scheduled', worker = NULL", () -> {
            if (ofTheJvm) {
                throw new OutOfMemoryError("a step took it all");
            }
            throw new IllegalStateException("the connection broke");
        });
        assertThatThrownBy(loop::runOnce).isInstanceOf(ofTheJvm ? OutOfMemoryError.class : RuntimeException.class);

        loop.runOnce();

        assertThat(heard.ids()).containsExactly(ids.get(0), ids.get(2));
        assertThat(ids.stream().map(tables::work))
                .containsExactly(
                        "running by 7, token 1, attempts 0, crashes 0",
                        "scheduled, token 2, attempts 0, crashes 0",
                        "running by 7, token 2, attempts 0, crashes 0");
    }

    @Test
    void definition_thatIsEditedDuringTheClaim_losesNoOperation() {
        long id = tables.add();
        interceptor.before("SELECT id, definition, name", () -> registry.update(List.of()));
        assertThatThrownBy(loop::runOnce).isInstanceOf(RuntimeException.class);

        look();
        loop.runOnce();

        assertThat(heard.ids()).containsExactly(id);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UPDATE backops.operation SET params = '42'              | The stored params or outputs are not a JSON object",
                "UPDATE backops.operation SET params = 'null'            | The stored params or outputs are not a JSON object",
                "UPDATE backops.operation SET params = '[]'              | The stored params or outputs are not a JSON object",
                "UPDATE backops.operation SET next_step = 'cook'         | The next step is not one of its definition: cook",
                "UPDATE backops.operation SET definition = 99            | Its definition is 99, but that of its work is D",
                "DELETE FROM backops.operation                           | The row of the operation is gone",
            })
    void row_editedToWhatCannotRun_isUnusableAndHarmsNoOther(String edit, String reason) {
        List<Long> ids = tables.add(3);
        tables.execute(edit + " WHERE id = " + ids.get(1));

        loop.runOnce();

        assertThat(heard.ids()).containsExactly(ids.get(0), ids.get(2));
        assertThat(heard.unusable).containsExactly(ids.get(1) + ": " + reason.replace("D", definition()));
    }

    @ParameterizedTest
    @CsvSource({"42", "[1]", "null"})
    void outputs_editedToWhatIsNoObject_areUnusable(String json) {
        List<Long> ids = tables.add(2);
        tables.execute("UPDATE backops.operation SET steps_done = 1, next_step = 'ship'");
        step(ids.get(0), 0, json);
        step(ids.get(1), 0, "{\"receipt\": \"r1\"}");

        loop.runOnce();

        assertThat(heard.ids()).containsExactly(ids.get(1));
        assertThat(heard.unusable).containsExactly(ids.get(0) + ": The stored params or outputs are not a JSON object");
    }

    private void nextLookTakes(Duration time) {
        interceptor.before("WITH me", () -> clocks.pass(time));
    }

    private static Duration millis(String number) {
        return Duration.ofMillis(Long.parseLong(number.replace("_", "")));
    }

    private String definition() {
        return String.valueOf(tables.definition());
    }

    private void look() {
        registry.update(tables.database()
                .<List<DefinitionRow>, RuntimeException>with(
                        handle -> Tables.STORES.definitions().findByNames(handle, List.of("orders.order"))));
    }

    private void step(long id, int seq, String outputs) {
        tables.execute("INSERT INTO backops.step"
                + " (operation_id, seq, started_at, finished_at, worker, token, attempts, name, status, outputs)"
                + " VALUES (" + id + ", " + seq + ", now(), now(), 1, 1, 1, 'charge', 'completed', '" + outputs + "')");
    }

    private boolean idle() {
        return testDatabase
                .jdbi()
                .withHandle(handle -> handle.select("SELECT idle FROM backops.worker")
                        .mapTo(Boolean.class)
                        .one());
    }

    private int room() {
        return buffer.pool("default").orElseThrow().room();
    }

    /** Claims until there is nothing more to claim for now. */
    private void claimAll() {
        while (loop.runOnce().isZero()) {
            // There may be more.
        }
    }

    /** What the loop said. */
    private static final class Heard implements ClaimLoop.Listener {

        final List<Execution> claimed = new ArrayList<>();
        final List<String> unusable = new ArrayList<>();
        final List<Long> cancelled = new ArrayList<>();
        final List<Duration> nextDue = new ArrayList<>();

        @Override
        public void claimed(Execution execution) {
            claimed.add(execution);
        }

        @Override
        public void unusable(Execution execution, String reason) {
            unusable.add(execution.id() + ": " + reason);
        }

        @Override
        public void cancelled(List<Long> ids) {
            cancelled.addAll(ids);
        }

        @Override
        public void nextDueIn(Duration delay) {
            nextDue.add(delay);
        }

        List<Long> ids() {
            return claimed.stream().map(Execution::id).toList();
        }
    }
}
