package dev.backops.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.internal.store.OperationStore.OperationRow;
import dev.backops.internal.store.WorkStore.Claim;
import dev.backops.internal.store.WorkStore.Cursor;
import dev.backops.internal.store.WorkStore.Rescued;
import dev.backops.internal.store.WorkStore.Room;
import dev.backops.internal.store.WorkStore.Wish;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkStoreTest {

    private static final RepairStore.By NOBODY = new RepairStore.By(null, null);

    private static final long ME = 7;
    private static final long OTHER = 8;
    private static final String RUNNING = "state = 'running', worker = 7, token = 3";
    private static final List<Cursor> FROM_START = List.of(start(0), start(1), start(2), start(3));

    @RegisterExtension
    final TestDatabase testDatabase = TestDatabase.withTables();

    private final Tables tables = new Tables(testDatabase);
    private final WorkStore store = Tables.STORES.work();
    private final RepairStore repairs = Tables.STORES.repairs();
    private Handle handle;

    @BeforeEach
    void open() {
        handle = tables.open();
        EngineSession.configure(handle, /* transactionOnly= */ false);
        tables.worker(ME);
        tables.worker(OTHER);
    }

    @AfterEach
    void close() {
        handle.close();
    }

    @Test
    void claim_takesByPriorityThenTimeThenId() {
        long late = tables.add("run_at = now() - interval '1 minute'");
        long low = tables.add("priority = 3, run_at = now() - interval '1 hour'");
        long twin1 = tables.add("run_at = '2026-01-01Z'");
        long twin2 = tables.add("run_at = '2026-01-01Z'");
        long high = tables.add("priority = 1");
        long urgent = tables.add("priority = 0");

        List<Long> taken = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            taken.add(claim(1).get(0).operationId());
        }

        assertThat(taken).containsExactly(urgent, high, twin1, twin2, late, low);
        assertThat(claim(1)).isEmpty();
    }

    @Test
    void claim_marksWhatItTakesAndRaisesTheToken() {
        long id = tables.add("token = 4, attempts = 2, crashes = 1, run_at = '2026-01-01T00:00:00.123456Z'");

        Claim claim = claim(10).get(0);

        assertThat(claim.operationId()).isEqualTo(id);
        assertThat(claim.token()).isEqualTo(5);
        assertThat(claim.attempts()).isEqualTo(2);
        assertThat(claim.definition()).isEqualTo(tables.definition());
        assertThat(claim.cursor().runAt().toInstant()).isEqualTo("2026-01-01T00:00:00.123456Z");
        assertThat(tables.work(id)).isEqualTo("running by 7, token 5, attempts 2, crashes 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 8, 100})
    void claim_ofSeveralPriorities_isLimitedExactly(int limit) {
        List<Long> ids = tables.add(8);
        for (int i = 0; i < 8; i++) {
            tables.work(ids.get(i), "priority = " + i / 2);
        }

        List<Claim> claims = claim(limit);

        assertThat(claims.stream().map(Claim::operationId))
                .containsExactlyInAnyOrderElementsOf(ids.subList(0, Math.min(limit, 8)));
        assertThat(tables.number("SELECT count(*) FROM backops.work WHERE state = 'running'"))
                .isEqualTo(Math.min(limit, 8));
    }

    @Test
    void claim_locksNoMoreThanItTakes() {
        List<Long> ids = tables.add(6);
        for (int i = 0; i < 6; i++) {
            tables.work(ids.get(i), "priority = " + i / 2);
        }
        handle.begin();
        assertThat(claim(3)).hasSize(3);
        try (Handle other = tables.open()) {
            assertThat(other.createQuery(
                                    "SELECT operation_id FROM backops.work WHERE state = 'ready' FOR UPDATE SKIP LOCKED")
                            .mapTo(Long.class)
                            .list())
                    .containsExactlyInAnyOrderElementsOf(ids.subList(3, 6));
        }
        handle.rollback();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "state = 'scheduled'",
                "state = 'failed'",
                "state = 'running', worker = 8",
                "queue = 'other'",
                "definition = 99"
            })
    void claim_ofWhatIsNotReadyOrNotOurs_takesNothing(String assignments) {
        tables.add(assignments);

        assertThat(claim(10)).isEmpty();
    }

    @Test
    void claim_withoutDefinitions_takesNothing() {
        tables.add();

        assertThat(store.claim(handle, ME, List.of(), List.of(new Room(FROM_START, 10)), 1))
                .isEmpty();
    }

    @Test
    void claim_whatOthersHaveLocked_isSkippedWithoutWaiting() {
        List<Long> ids = tables.add(3);
        try (Handle other = tables.open()) {
            other.begin();
            other.execute("SELECT FROM backops.work WHERE operation_id = ? FOR UPDATE", ids.get(0));

            assertThat(claim(2).stream().map(Claim::operationId)).containsExactlyInAnyOrder(ids.get(1), ids.get(2));
            other.rollback();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"'-infinity'", "now() - interval '1 millisecond'"})
    void claim_ofABuriedWorkerOrOneWhoseLeaseIsOver_takesNothing(String leaseEnd) {
        tables.add();
        tables.execute("UPDATE backops.worker SET lease_end = " + leaseEnd + " WHERE id = 7");

        assertThat(claim(10)).isEmpty();
        assertThat(claimAs(OTHER, 10)).hasSize(1);
    }

    @Test
    void claim_ofAWorkerThatIsNotRegistered_takesNothing() {
        tables.add();

        assertThat(claimAs(99, 10)).isEmpty();
    }

    @Test
    void cursor_isWhereTheNextClaimOfItsPriorityBegins() {
        long twin1 = tables.add("run_at = '2026-01-01Z'");
        long twin2 = tables.add("run_at = '2026-01-01Z'");
        long later = tables.add("run_at = '2026-01-02Z'");
        long low = tables.add("priority = 3, run_at = '2020-01-01Z'");
        Cursor behindTwin1 = claim(1).get(0).cursor();
        assertThat(behindTwin1.id()).isEqualTo(twin1);
        store.giveBack(handle, ME, List.of(twin1), List.of(1));
        long earlier = tables.add("run_at = '2025-12-31Z'");
        List<Cursor> cursors = List.of(start(0), start(1), behindTwin1, start(3));

        List<Claim> claims = store.claim(handle, ME, List.of(tables.definition()), List.of(new Room(cursors, 10)), 1);

        assertThat(claims.stream().map(Claim::operationId)).containsExactlyInAnyOrder(twin2, later, low);
        assertThat(claim(10).stream().map(Claim::operationId)).containsExactlyInAnyOrder(earlier, twin1);
    }

    @Test
    void cursors_areOrderedLikeClaims() {
        long low = tables.add("priority = 3, run_at = '2020-01-01Z'");
        long second = tables.add("run_at = '2026-01-01T00:00:00.000002Z'");
        long first = tables.add("run_at = '2026-01-01T05:30:00.000001+05:30'");
        long third = tables.add("run_at = '2026-01-01T00:00:00.000002Z'");

        assertThat(claim(10).stream().map(Claim::cursor).sorted().map(Cursor::id))
                .containsExactly(first, second, third, low);
        assertThat(new Cursor("default", 2, OffsetDateTime.MAX, 2))
                .isGreaterThan(new Cursor("default", 2, OffsetDateTime.MAX, 1));
    }

    @Test
    void claim_besideABurialThatIsQuicker_takesNothing() throws Exception {
        tables.add();
        try (Handle gravedigger = tables.open()) {
            gravedigger.begin();
            gravedigger.execute("SELECT FROM backops.worker WHERE id = 7 FOR UPDATE");
            gravedigger.execute("UPDATE backops.worker SET lease_end = '-infinity' WHERE id = 7");
            CompletableFuture<List<Claim>> claims = CompletableFuture.supplyAsync(() -> claim(10));
            tables.awaitBlockedBy(gravedigger);
            gravedigger.commit();

            assertThat(claims.get(10, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @Test
    void claim_besideAClaimOfTheSameRow_leavesItToTheQuicker() throws Exception {
        long id = tables.add();
        try (Handle lock = tables.open()) {
            // Both have their snapshot before either has the row: the second waits for its worker's row, claims later.
            lock.begin();
            lock.execute("SELECT FROM backops.worker WHERE id = 7 FOR UPDATE");
            CompletableFuture<List<Claim>> slow = CompletableFuture.supplyAsync(() -> claim(10));
            tables.awaitBlockedBy(lock);
            List<Claim> quick;
            try (Handle other = tables.open()) {
                quick = store.claim(other, OTHER, List.of(tables.definition()), List.of(new Room(FROM_START, 10)), 1);
            }
            lock.commit();

            assertThat(quick).hasSize(1);
            assertThat(slow.get(10, TimeUnit.SECONDS)).isEmpty();
        }
        assertThat(tables.work(id)).isEqualTo("running by 8, token 1, attempts 0, crashes 0");
    }

    /* A claim that read the operation in the same statement would hand out the step that was recorded meanwhile. */
    @Test
    void claim_ofARowThatMovedOnSinceTheSnapshot_isReadAsItIsNow() throws Exception {
        long id = tables.add();
        try (Handle lock = tables.open()) {
            lock.begin();
            lock.execute("SELECT FROM backops.worker WHERE id = 7 FOR UPDATE");
            CompletableFuture<List<Object>> claimed = CompletableFuture.supplyAsync(() -> handle.inTransaction(own -> {
                Claim claim = claim(10).get(0);
                OperationRow row =
                        Tables.STORES.operations().readClaimed(own, List.of(id)).get(0);
                return List.of(claim.token(), claim.attempts(), row.stepsDone(), String.valueOf(row.nextStep()));
            }));
            tables.awaitBlockedBy(lock);
            // Meanwhile somebody claims it twice, records its first step, fails at its second, and gives it back.
            tables.execute("UPDATE backops.operation SET steps_done = 1, next_step = 'ship' WHERE id = " + id);
            tables.work(id, "token = 2, attempts = 1");
            lock.commit();

            assertThat(claimed.get(10, TimeUnit.SECONDS)).containsExactly(3, 1, 1, "ship");
        }
    }

    @Test
    void claims_ofManyOverFewRowsThatBecomeReadyAgain_neverMeet() throws Exception {
        int claimers = 6;
        tables.add(40);
        Crowd crowd = new Crowd(tables.definition(), 500);
        ExecutorService threads = Executors.newFixedThreadPool(claimers);
        List<CompletableFuture<Void>> all = IntStream.range(0, claimers)
                .mapToObj(i -> CompletableFuture.runAsync(() -> crowd.run(100 + i), threads))
                .toList();
        for (CompletableFuture<Void> one : all) {
            one.get(30, TimeUnit.SECONDS);
        }
        threads.shutdown();

        assertThat(crowd.wrong).isEmpty();
    }

    /** Workers that claim operations, move each a step on, and make it ready again. */
    private final class Crowd {

        final List<String> wrong = new CopyOnWriteArrayList<>();
        final Set<String> claimed = ConcurrentHashMap.newKeySet();
        private final Map<Long, Integer> stepsDone = new ConcurrentHashMap<>();
        private final int definition;
        private final int claims;

        Crowd(int definition, int claims) {
            this.definition = definition;
            this.claims = claims;
        }

        void run(long worker) {
            tables.worker(worker);
            try (Handle own = tables.open()) {
                EngineSession.configure(own, /* transactionOnly= */ false);
                while (claimed.size() < claims && wrong.isEmpty()) {
                    List<Taken> taken = own.inTransaction(transaction -> claim(transaction, worker));
                    taken.forEach(this::check);
                    own.useTransaction(transaction -> taken.forEach(one -> moveOn(transaction, worker, one)));
                }
            }
        }

        private List<Taken> claim(Handle own, long worker) {
            Map<Long, Integer> tokens =
                    store.claim(own, worker, List.of(definition), List.of(new Room(FROM_START, 5)), 1).stream()
                            .collect(Collectors.toMap(Claim::operationId, Claim::token));
            return Tables.STORES.operations().readClaimed(own, tokens.keySet()).stream()
                    .map(row -> new Taken(row.id(), tokens.getOrDefault(row.id(), -1), row.stepsDone()))
                    .toList();
        }

        private void check(Taken one) {
            if (!claimed.add(one.id + " by " + one.token)) {
                wrong.add(one.id + " was claimed twice with token " + one.token);
            }
            int expected = stepsDone.getOrDefault(one.id, 0);
            if (one.stepsDone != expected) {
                wrong.add(one.id + " was read at step " + one.stepsDone + " instead of " + expected);
            }
        }

        private void moveOn(Handle own, long worker, Taken one) {
            int done = one.stepsDone + 1;
            stepsDone.put(one.id, done);
            own.execute("UPDATE backops.operation SET steps_done = ? WHERE id = ?", done, one.id);
            int given = own.execute(
                    "UPDATE backops.work SET state = 'ready', worker = NULL"
                            + " WHERE operation_id = ? AND worker = ? AND token = ?",
                    one.id,
                    worker,
                    one.token);
            if (given != 1) {
                wrong.add(one.id + " was taken away from its claimer");
            }
        }

        private record Taken(long id, int token, int stepsDone) {}
    }

    @Test
    void makeDueReady_takesWhatIsDueTheLongestDueFirst() {
        long due = tables.add("state = 'scheduled', run_at = now() - interval '1 second', attempts = 2");
        long longer = tables.add("state = 'scheduled', run_at = now() - interval '1 hour'");
        long later = tables.add("state = 'scheduled', run_at = now() + interval '1 hour'");

        assertThat(store.makeDueReady(handle, 1)).isEqualTo(1);
        assertThat(tables.work(longer)).startsWith("ready");
        assertThat(tables.work(due)).startsWith("scheduled");
        assertThat(store.makeDueReady(handle, 10)).isEqualTo(1);
        assertThat(tables.work(due)).isEqualTo("ready, token 0, attempts 2, crashes 0");
        assertThat(store.makeDueReady(handle, 10)).isZero();
        assertThat(tables.work(later)).startsWith("scheduled");
    }

    @Test
    void makeDueReady_whatOthersHaveLocked_isSkippedWithoutWaiting() {
        long locked = tables.add("state = 'scheduled'");
        long free = tables.add("state = 'scheduled'");
        try (Handle other = tables.open()) {
            other.begin();
            other.execute("SELECT FROM backops.work WHERE operation_id = ? FOR UPDATE", locked);

            assertThat(store.makeDueReady(handle, 10)).isEqualTo(1);

            other.rollback();
        }
        assertThat(tables.work(free)).startsWith("ready");
        assertThat(tables.work(locked)).startsWith("scheduled");
    }

    @ParameterizedTest
    @ValueSource(strings = {"state = 'ready'", "state = 'failed'", "state = 'running', worker = 8"})
    void makeDueReady_ofOtherStates_touchesNothing(String assignments) {
        long id = tables.add(assignments);
        String before = row(id);

        assertThat(store.makeDueReady(handle, 10)).isZero();

        assertThat(row(id)).isEqualTo(before);
    }

    @Test
    void untilNextDue_isThatOfTheSoonestScheduledOne() {
        assertThat(store.untilNextDue(handle)).isEmpty();
        tables.add("run_at = now() - interval '1 hour'");
        assertThat(store.untilNextDue(handle)).isEmpty();
        tables.add("state = 'scheduled', run_at = now() + interval '1 hour'");
        tables.add("state = 'scheduled', run_at = now() + interval '2 hours'");
        assertThat(store.untilNextDue(handle).orElseThrow()).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(60));
        tables.add("state = 'scheduled', run_at = now() - interval '1 hour'");
        assertThat(store.untilNextDue(handle).orElseThrow())
                .isBetween(Duration.ofMinutes(-61), Duration.ofMinutes(-60));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'2400-01-01Z'", "'294000-01-01Z'"})
    void untilNextDue_inCenturies_isLong(String runAt) {
        tables.add("state = 'scheduled', run_at = " + runAt);

        assertThat(store.untilNextDue(handle).orElseThrow()).isGreaterThan(Duration.ofDays(100_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"infinity", "-infinity"})
    void untilNextDue_besideOneThatSomebodyPutOffForEver_isThatOfTheOthers(String runAt) {
        tables.add("state = 'scheduled', run_at = '" + runAt + "'");
        assertThat(store.untilNextDue(handle)).isEmpty();
        tables.add("state = 'scheduled', run_at = now() + interval '1 hour'");
        assertThat(store.untilNextDue(handle)).isPresent();
    }

    @Test
    void giveBack_makesReadyWhatIsStillOurs() {
        long mine = tables.add(RUNNING + ", attempts = 2, crashes = 1, run_at = '2026-01-01Z'");
        long otherToken = tables.add("state = 'running', worker = 7, token = 4");
        long otherWorker = tables.add("state = 'running', worker = 8, token = 3");
        long given = tables.add("token = 3, state = 'scheduled'");
        long failed = tables.add("token = 3, state = 'failed'");
        List<Long> others = List.of(otherToken, otherWorker, given, failed);
        List<String> before = others.stream().map(this::row).toList();

        List<Long> ids = List.of(failed, given, otherWorker, otherToken, mine);
        assertThat(store.giveBack(handle, ME, ids, List.of(3, 3, 3, 3, 3))).isEmpty();

        assertThat(tables.work(mine)).isEqualTo("ready, token 3, attempts 2, crashes 1");
        assertThat(tables.text("SELECT run_at = '2026-01-01Z' FROM backops.work WHERE operation_id = " + mine))
                .isEqualTo("t");
        assertThat(others.stream().map(this::row)).isEqualTo(before);
    }

    @Test
    void giveBack_besideARowLockedElsewhere_givesTheOthersBack() {
        List<Long> ids = tables.add(3);
        ids.forEach(id -> tables.work(id, RUNNING));
        try (Handle psql = tables.open()) {
            psql.begin();
            psql.execute("SELECT FROM backops.work WHERE operation_id = ? FOR UPDATE", ids.get(1));

            assertThat(store.giveBack(handle, ME, ids, List.of(3, 3, 3))).isEmpty();

            psql.rollback();
        }
        assertThat(tables.work(ids.get(0))).startsWith("ready");
        assertThat(tables.work(ids.get(2))).startsWith("ready");
    }

    @Test
    void postpone_schedulesOneForASecondLater() {
        long id = tables.add(RUNNING + ", attempts = 1");

        assertThat(store.postpone(handle, ME, id, 3)).isEmpty();

        assertThat(tables.work(id)).isEqualTo("scheduled, token 3, attempts 1, crashes 0");
        assertThat(store.untilNextDue(handle).orElseThrow()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource({"7, 2", "7, 4", "8, 3"})
    void postpone_ofAnotherTokenOrWorker_touchesNothing(long worker, int token) {
        long id = tables.add(RUNNING);
        String before = row(id);

        assertThat(store.postpone(handle, worker, id, token)).isEmpty();

        assertThat(row(id)).isEqualTo(before);
    }

    @Test
    void giveBackOthers_makesReadyWhatThisWorkerHoldsUnknowingly() {
        long lost = tables.add(RUNNING);
        long inHand = tables.add(RUNNING);
        long otherWorker = tables.add("state = 'running', worker = 8, token = 3");
        long failed = tables.add("token = 3, state = 'failed'");
        List<Long> others = List.of(inHand, otherWorker, failed);
        List<String> before = others.stream().map(this::row).toList();

        assertThat(store.giveBackOthers(handle, ME, Set.of(inHand))).isEmpty();

        assertThat(tables.work(lost)).isEqualTo("ready, token 3, attempts 0, crashes 0");
        assertThat(others.stream().map(this::row)).isEqualTo(before);
    }

    @Test
    void giveBackOthers_withNothingInHand_givesAllBack() {
        long id = tables.add(RUNNING);

        assertThat(store.giveBackOthers(handle, ME, Set.of())).isEmpty();

        assertThat(tables.work(id)).startsWith("ready");
    }

    @Test
    void resume_makesFailedOnesReadyAndTellsWhyNotOthers() {
        long failed = tables.add("token = 3, state = 'failed', attempts = 9, crashes = 2, run_at = '2020-01-01Z'");
        long running = tables.add(RUNNING);
        long ready = tables.add("token = 3");
        long unasked = tables.add("token = 3, state = 'failed'");
        List<Long> others = List.of(running, ready, unasked);
        List<String> before = others.stream().map(this::row).toList();

        assertThat(refusals(handle, List.of(987_654_321L, ready, running, failed, failed)))
                .containsExactly(
                        failed + " null",
                        running + " Operation " + running + " is running; only a failed operation can be resumed",
                        ready + " Operation " + ready + " is ready; only a failed operation can be resumed",
                        "987654321 There is no operation 987654321");

        assertThat(tables.work(failed)).isEqualTo("ready, token 4, attempts 0, crashes 0");
        assertThat(tables.number("SELECT count(*) FROM backops.work WHERE run_at > now() - interval '1 minute'"
                        + " AND operation_id = " + failed))
                .isEqualTo(1);
        assertThat(others.stream().map(this::row)).isEqualTo(before);
    }

    @Test
    void resume_byTwoAtOnce_resumesOnceAndWaitsForNobody() throws Exception {
        long id = tables.add("state = 'failed', token = 3");
        try (Handle first = tables.open()) {
            first.begin();
            assertThat(refusals(first, List.of(id))).containsExactly(id + " null");

            assertThat(refusals(handle, List.of(id)))
                    .containsExactly(id + " Operation " + id + " is being changed by somebody else");
            first.commit();
        }
        assertThat(tables.work(id)).isEqualTo("ready, token 4, attempts 0, crashes 0");
    }

    /** Each operation's id, and why it could not be resumed. */
    private List<String> refusals(Handle own, List<Long> ids) {
        return repairs.repairAll(own, new RepairStore.Act("resume"), ids, NOBODY).stream()
                .map(one -> one.id() + " " + one.refusal())
                .toList();
    }

    @Test
    void rescue_takesWhatTheDeadRan() {
        long orphan = tables.add(RUNNING + ", attempts = 2, crashes = 1, run_at = '2026-01-01Z'");
        long alive = tables.add("state = 'running', worker = 8, token = 3");
        long failed = tables.add("token = 3, state = 'failed'");
        List<Long> others = List.of(alive, failed);
        List<String> before = others.stream().map(this::row).toList();

        assertThat(rescue(10, ME, 55L)).containsExactly(orphan);

        assertThat(tables.work(orphan)).isEqualTo("ready, token 4, attempts 2, crashes 2");
        assertThat(others.stream().map(this::row)).isEqualTo(before);
        assertThat(rescue(10, ME)).isEmpty();
        assertThat(rescue(10)).isEmpty();
    }

    @Test
    void rescue_obeysWhatSomebodyWanted() {
        long cancelled = tables.add(RUNNING + ", wanted = 'cancel'");
        long paused = tables.add(RUNNING + ", wanted = 'pause'");
        long guilty = tables.add(RUNNING + ", wanted = 'cancel', crashes = 5");

        assertThat(handle.<List<Rescued>, RuntimeException>inTransaction(
                        transaction -> store.rescue(transaction, List.of(ME), 10)))
                .allMatch(rescued -> !rescued.isGuilty())
                .extracting(Rescued::operationId)
                .containsExactlyInAnyOrder(cancelled, paused, guilty);

        assertThat(tables.work(cancelled)).isEqualTo("cancelled, token 4, attempts 0, crashes 1");
        assertThat(tables.work(paused)).isEqualTo("paused, token 4, attempts 0, crashes 1");
        assertThat(tables.work(guilty)).isEqualTo("cancelled, token 4, attempts 0, crashes 6");
        assertThat(tables.numbers("SELECT id FROM backops.operation WHERE outcome = 'cancelled' ORDER BY id"))
                .containsExactly(cancelled, guilty);
        assertThat(tables.numbers("SELECT operation_id FROM backops.work WHERE wanted IS NOT NULL"))
                .isEmpty();
        assertThat(tables.number("SELECT count(*) FROM backops.failure")).isZero();
    }

    @Test
    void giveBack_obeysWhatSomebodyWanted() {
        long cancelled = tables.add(RUNNING + ", wanted = 'cancel'");
        long paused = tables.add(RUNNING + ", wanted = 'pause'");

        assertThat(store.giveBack(handle, ME, List.of(cancelled, paused), List.of(3, 3)))
                .containsExactly(cancelled);

        assertThat(tables.work(cancelled)).isEqualTo("cancelled, token 3, attempts 0, crashes 0");
        assertThat(tables.work(paused)).isEqualTo("paused, token 3, attempts 0, crashes 0");
        assertThat(tables.operation(cancelled)).contains("cancelled");
    }

    @Test
    void wishes_areThoseOfTheWorkersOwnOperations() {
        long cancelled = tables.add(RUNNING + ", wanted = 'cancel', at_once = true");
        long paused = tables.add(RUNNING + ", wanted = 'pause'");
        long content = tables.add(RUNNING);
        long elsewhere = tables.add("state = 'running', worker = 8, token = 3, wanted = 'pause'");

        assertThat(store.wishes(handle, ME, List.of(cancelled, paused, content, elsewhere)))
                .containsExactlyInAnyOrder(new Wish(cancelled, true, true), new Wish(paused, false, false));
    }

    @Test
    void rescue_isLimitedAndSkipsWhatOthersHaveLocked() {
        List<Long> ids = tables.add(4);
        ids.forEach(id -> tables.work(id, RUNNING));
        try (Handle journal = tables.open()) {
            journal.begin();
            journal.execute("SELECT FROM backops.work WHERE operation_id = ? FOR UPDATE", ids.get(0));

            assertThat(rescue(2, ME)).containsExactlyInAnyOrder(ids.get(1), ids.get(2));
            assertThat(rescue(2, ME)).containsExactly(ids.get(3));

            journal.rollback();
        }
        assertThat(rescue(2, ME)).containsExactly(ids.get(0));
    }

    @Test
    void rescue_ofTheLoneSuspectOfThreeDeadProcesses_failsIt() {
        long guilty = tables.add(RUNNING + ", crashes = 5, attempts = 2");
        long suspect = tables.add(RUNNING + ", crashes = 4");
        long innocent = tables.add(RUNNING + ", crashes = 2");

        assertThat(rescue(10, ME)).containsExactlyInAnyOrder(guilty, suspect, innocent);

        assertThat(tables.work(guilty)).isEqualTo("failed, token 4, attempts 2, crashes 6");
        assertThat(tables.work(suspect)).isEqualTo("ready, token 4, attempts 0, crashes 5");
        assertThat(tables.work(innocent)).isEqualTo("ready, token 4, attempts 0, crashes 3");
        assertThat(Tables.STORES.views().failures(handle, guilty))
                .singleElement()
                .satisfies(failure -> {
                    assertThat(failure.step()).isEqualTo("charge");
                    assertThat(failure.attempt()).isEqualTo(3);
                    assertThat(failure.worker()).isEqualTo(ME);
                    assertThat(failure.message()).isEqualTo("The process died 6 times while running step charge");
                    assertThat(failure.stackTrace())
                            .isEqualTo(
                                    "dev.backops.CrashedProcess: The process died 6 times while running step charge");
                });
        assertThat(tables.number("SELECT count(*) FROM backops.failure")).isEqualTo(1);

        repairs.resume(handle, guilty, NOBODY);
        assertThat(tables.work(guilty)).isEqualTo("ready, token 5, attempts 0, crashes 0");
    }

    @Test
    void rescue_ofAnOperationEditedToHaveNoStep_failsItAndHarmsNoOther() {
        long edited = tables.add(RUNNING + ", crashes = 5");
        long other = tables.add(RUNNING);
        tables.execute("ALTER TABLE backops.operation DROP CONSTRAINT ended_or_has_next");
        try {
            tables.execute("UPDATE backops.operation SET next_step = NULL WHERE id = " + edited);

            assertThat(rescue(10, ME)).containsExactlyInAnyOrder(edited, other);
        } finally {
            tables.execute("DELETE FROM backops.operation");
            tables.execute("ALTER TABLE backops.operation ADD CONSTRAINT ended_or_has_next CHECK ((finished_at IS NULL)"
                    + " = (outcome IS NULL) AND (outcome IS NOT NULL OR next_step IS NOT NULL))");
        }

        assertThat(tables.work(edited)).startsWith("failed");
        assertThat(tables.work(other)).startsWith("ready");
    }

    @Test
    void claim_takesOneSuspectAtMost_theOneWithTheFewestCrashes() {
        long worse = tables.add("crashes = 5, run_at = '2026-01-01Z'");
        long better = tables.add("crashes = 3");
        List<Long> innocent = tables.add(3);
        tables.work(innocent.get(0), "crashes = 2");

        assertThat(store.claim(handle, ME, List.of(tables.definition()), List.of(new Room(FROM_START, 2)), 0))
                .extracting(Claim::operationId)
                .containsExactlyInAnyOrderElementsOf(innocent.subList(0, 2));
        List<Claim> claims = claim(10);
        assertThat(claims).extracting(Claim::operationId).containsExactlyInAnyOrder(better, innocent.get(2));
        assertThat(claims).filteredOn(Claim::isSuspect).hasSize(1);
        assertThat(claim(1)).extracting(Claim::operationId).containsExactly(worse);
        assertThat(claim(1)).isEmpty();
    }

    @Test
    void claim_forSeveralRooms_fillsEachFromItsQueues() {
        List<Long> billing = tables.add(4);
        billing.forEach(id -> tables.work(id, "queue = 'billing'"));
        List<Long> mail = tables.add(2);
        mail.forEach(id -> tables.work(id, "queue = 'mail'"));
        List<Long> others = tables.add(3);
        tables.add("queue = 'unasked'");
        long suspect = tables.add("queue = 'billing', crashes = 3");

        List<Claim> claims = store.claim(
                handle,
                ME,
                List.of(tables.definition()),
                List.of(
                        new Room(List.of(Cursor.start("billing", 2)), 3),
                        new Room(List.of(Cursor.start("mail", 2), start(2)), 4)),
                1);

        assertThat(claims)
                .extracting(Claim::operationId)
                .containsExactlyInAnyOrder(
                        suspect,
                        billing.get(0),
                        billing.get(1),
                        mail.get(0),
                        mail.get(1),
                        others.get(0),
                        others.get(1));
        assertThat(claims)
                .filteredOn(claim -> claim.cursor().queue().equals("billing"))
                .hasSize(3);
    }

    @Test
    void queuesBeside_areThoseInWhichSomethingIsReady_butTheKnownOnes() {
        assertThat(store.queuesBeside(handle, List.of())).isEmpty();
        tables.add(3);
        tables.add("queue = 'mail'");
        tables.add("queue = 'mail'");
        tables.add("queue = 'billing'");
        tables.add("queue = 'later', state = 'scheduled'");

        assertThat(store.queuesBeside(handle, List.of())).containsExactly("billing", "default", "mail");
        assertThat(store.queuesBeside(handle, List.of("default"))).containsExactly("billing", "mail");
        assertThat(store.queuesBeside(handle, List.of("mail", "billing"))).containsExactly("default");
        assertThat(store.queuesBeside(handle, List.of("a", "default", "zebra"))).containsExactly("billing", "mail");
        assertThat(store.queuesBeside(handle, List.of("billing", "default", "mail")))
                .isEmpty();
    }

    private static Cursor start(int priority) {
        return Cursor.start("default", priority);
    }

    private List<Long> rescue(int limit, Long... dead) {
        return handle.inTransaction(transaction -> store.rescue(transaction, List.of(dead), limit)).stream()
                .map(Rescued::operationId)
                .toList();
    }

    private List<Claim> claim(int limit) {
        return claimAs(ME, limit);
    }

    private List<Claim> claimAs(long worker, int limit) {
        return store.claim(handle, worker, List.of(tables.definition()), List.of(new Room(FROM_START, limit)), 1);
    }

    private String row(long id) {
        return String.valueOf(tables.text("SELECT w::text FROM backops.work w WHERE operation_id = " + id));
    }
}
