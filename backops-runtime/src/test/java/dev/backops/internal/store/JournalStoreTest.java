package dev.backops.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.internal.store.JournalStore.Attempt;
import dev.backops.internal.store.JournalStore.AttemptKey;
import dev.backops.internal.store.JournalStore.FailedRow;
import dev.backops.internal.store.JournalStore.FinishedRow;
import dev.backops.internal.store.JournalStore.Held;
import dev.backops.internal.store.JournalStore.Next;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class JournalStoreTest {

    private static final long ME = 7;
    private static final String MINE = "state = 'running', worker = 7, token = 3";

    @RegisterExtension
    final TestDatabase testDatabase = TestDatabase.withTables();

    private final Tables tables = new Tables(testDatabase);
    private final JournalStore store = Tables.STORES.journal();
    private Handle handle;

    @BeforeEach
    void open() {
        handle = tables.open();
        EngineSession.configure(handle, /* transactionOnly= */ false);
    }

    @AfterEach
    void close() {
        handle.close();
    }

    @Test
    void middleStep_isToldAndTheOperationMovesOn() {
        long id = tables.add(MINE);

        assertThat(record(finished(id, 0, "charge", "ship", "{\"receipt\": \"r1\"}")))
                .containsExactly(id);

        assertThat(tables.operation(id)).isEqualTo("1 ship");
        assertThat(tables.work(id)).isEqualTo("running by 7, token 3, attempts 0, crashes 0");
        assertThat(tables.rows(
                        "SELECT operation_id, seq, name, token, worker, attempts, outputs ->> 'receipt' AS receipt"
                                + " FROM backops.step"))
                .containsExactly(Map.of(
                        "operation_id",
                        id,
                        "seq",
                        0,
                        "name",
                        "charge",
                        "token",
                        3,
                        "worker",
                        ME,
                        "attempts",
                        1,
                        "receipt",
                        "r1"));
    }

    @Test
    void middleStep_keepsWhenItRan() {
        long id = tables.add(MINE);
        FinishedRow row = row(attempt(id, 0, "charge"), "ship", null, null, 60_000_000, 3_600_000_000L);

        record(row);

        assertThat(tables.number("SELECT round(extract(epoch FROM finished_at - started_at)) FROM backops.step"))
                .isEqualTo(60);
        assertThat(tables.number("SELECT round(extract(epoch FROM now() - finished_at) / 60) FROM backops.step"))
                .isEqualTo(60);
    }

    @Test
    void middleStep_ofAnUntroubledOperation_doesNotWriteToItsWork() {
        long id = tables.add(MINE);
        String before = tables.text("SELECT ctid FROM backops.work");

        record(finished(id, 0, "charge", "ship", null));

        assertThat(tables.text("SELECT ctid FROM backops.work")).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"attempts = 2", "crashes = 1"})
    void middleStep_afterTrouble_beginsToCountAnew(String trouble) {
        long id = tables.add(MINE + ", " + trouble);

        record(finished(id, 0, "charge", "ship", null));

        assertThat(tables.work(id)).isEqualTo("running by 7, token 3, attempts 0, crashes 0");
    }

    @Test
    void lastStep_completesTheOperationAndDeletesItsWork() {
        long id = tables.add(MINE + ", attempts = 1, crashes = 1");
        tables.execute("UPDATE backops.operation SET steps_done = 2, next_step = 'thank'");

        assertThat(record(last(id, 2, "thank", "{\"receipt\": \"r1\"}"))).containsExactly(id);

        assertThat(tables.work(id)).isNull();
        assertThat(tables.operation(id)).isEqualTo("3 completed {\"receipt\": \"r1\"}");
        assertThat(tables.number("SELECT count(*) FROM backops.operation WHERE finished_at <= clock_timestamp()"))
                .isEqualTo(1);
        assertThat(tables.text("SELECT seq || ' ' || name FROM backops.step")).isEqualTo("2 thank");
    }

    @Test
    void lastStep_thatIsRecordedLate_endsTheOperationWhenItEnded() {
        long id = tables.add(MINE);
        tables.execute("UPDATE backops.operation SET steps_done = 2, next_step = 'thank'");

        record(row(attempt(id, 2, "thank"), null, null, "{}", 1, 3_600_000_000L));

        assertThat(tables.number("SELECT round(extract(epoch FROM now() - o.finished_at) / 60)"
                        + " FROM backops.operation o JOIN backops.step s ON s.finished_at = o.finished_at"))
                .isEqualTo(60);
    }

    @Test
    void outputs_ofAnyText_areStoredAsTheyAre() {
        long id = tables.add(MINE);
        String json = "{\"a\": \"NULL, {x},\\\"'\\\\ \\n \uD83D\uDE00 :id ${schema} ?\", \"b\": null}";

        record(finished(id, 0, "charge", "ship", json));

        assertThat(tables.text("SELECT outputs ->> 'a' FROM backops.step"))
                .isEqualTo("NULL, {x},\"'\\ \n \uD83D\uDE00 :id ${schema} ?");
        assertThat(tables.number("SELECT count(*) FROM backops.step WHERE outputs -> 'b' = 'null'"))
                .isEqualTo(1);
    }

    @Test
    void finishedBatch_replayed_changesNothingAndIsKnownAsRecorded() {
        List<Long> ids = tables.add(2);
        ids.forEach(id -> tables.work(id, MINE));
        List<FinishedRow> batch =
                List.of(finished(ids.get(0), 0, "charge", "ship", null), last(ids.get(1), 0, "charge", "{}"));
        assertThat(recordFinished(ME, batch)).hasSize(2);
        List<Map<String, Object>> before = everything();

        assertThat(recordFinished(ME, batch)).isEmpty();

        assertThat(everything()).isEqualTo(before);
        assertThat(store.recorded(handle, ME, keys(batch))).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void finishedBatch_replayedAfterTheNextStep_changesNothing() {
        long id = tables.add(MINE);
        FinishedRow charge = finished(id, 0, "charge", "ship", null);
        record(charge);
        record(finished(id, 1, "ship", "thank", null));

        assertThat(record(charge)).isEmpty();

        assertThat(tables.operation(id)).isEqualTo("2 thank");
        assertThat(store.recorded(handle, ME, List.of(key(id, 3, 0)))).containsExactly(id);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-, failed", "0, ready", "60000000, scheduled"})
    void failedAttempt_goesWhereItsRetrySays(@Nullable Long retryIn, String state) {
        long id = tables.add(MINE + ", attempts = 1, crashes = 2");

        assertThat(recordFailed(ME, List.of(failed(id, 2, retryIn, "sold out"))))
                .containsExactly(id);

        assertThat(tables.work(id)).isEqualTo(state + ", token 3, attempts 2, crashes 0");
        assertThat(tables.number(
                        "SELECT round(extract(epoch FROM run_at - now())) FROM backops.work WHERE operation_id = "
                                + id))
                .isEqualTo(retryIn == null ? 0 : retryIn / 1_000_000);
        assertThat(tables.operation(id)).isEqualTo("0 charge");
        assertThat(tables.text("SELECT concat_ws(' ', seq, step, token, worker, attempt, error_class, message, frame,"
                        + " stack_trace) FROM backops.failure"))
                .isEqualTo("0 charge 3 7 2 java.lang.Error sold out Shop.java:5 at Shop");
    }

    @Test
    void failedBatch_replayed_changesNothingAndIsKnownAsRecorded() {
        List<Long> ids = tables.add(3);
        ids.forEach(id -> tables.work(id, MINE));
        List<FailedRow> batch = List.of(
                failed(ids.get(0), 1, null, "a"),
                failed(ids.get(1), 1, 0L, "b"),
                failed(ids.get(2), 1, 5_000_000L, "c"));
        assertThat(recordFailed(ME, batch)).hasSize(3);
        List<Map<String, Object>> before = everything();

        assertThat(recordFailed(ME, batch)).isEmpty();

        assertThat(everything()).isEqualTo(before);
        assertThat(store.recorded(
                        handle,
                        ME,
                        batch.stream().map(row -> row.attempt().key()).toList()))
                .containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void failedAttempt_replayedOnceItRunsAgain_changesNothing() {
        long id = tables.add(MINE);
        FailedRow row = failed(id, 1, 0L, "a");
        recordFailed(ME, List.of(row));
        tables.work(id, "state = 'running', worker = 7, token = 4");

        assertThat(recordFailed(ME, List.of(row))).isEmpty();

        assertThat(tables.work(id)).isEqualTo("running by 7, token 4, attempts 1, crashes 0");
        assertThat(tables.number("SELECT count(*) FROM backops.failure")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"7, 2, 1", "7, 4, 1", "8, 3, 1", "7, 3, 0", "7, 3, 2"})
    void finishedStep_ofAnotherTokenWorkerOrPlace_isRefused(long worker, int token, int seq) {
        long id = tables.add(MINE);
        tables.execute("UPDATE backops.operation SET steps_done = 1, next_step = 'ship'");
        List<Map<String, Object>> before = everything();
        Attempt attempt = new Attempt(key(id, token, seq), "ship", 1);

        Set<Long> moved = recordFinished(
                worker, List.of(row(attempt, "thank", null, null, 1, 1), row(attempt, null, null, "{}", 1, 1)));

        assertThat(moved).isEmpty();
        assertThat(everything()).isEqualTo(before);
        assertThat(store.recorded(handle, worker, List.of(attempt.key()))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"7, 2", "7, 4", "8, 3"})
    void failedAttempt_ofAnotherTokenOrWorker_isRefused(long worker, int token) {
        long id = tables.add(MINE);
        List<Map<String, Object>> before = everything();
        Attempt attempt = new Attempt(key(id, token, 0), "charge", 1);

        assertThat(recordFailed(worker, List.of(new FailedRow(attempt, null, "java.lang.Error", null, null, "at"))))
                .isEmpty();

        assertThat(everything()).isEqualTo(before);
        assertThat(store.recorded(handle, worker, List.of(attempt.key()))).isEmpty();
        assertThat(store.held(handle, worker, List.of(attempt.key()))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"state = 'ready'", "state = 'scheduled'", "state = 'failed'"})
    void outcome_ofAnOperationThatWasGivenBack_isRefused(String state) {
        long id = tables.add("token = 3, " + state);
        List<Map<String, Object>> before = everything();

        assertThat(record(finished(id, 0, "charge", "ship", null))).isEmpty();
        assertThat(recordFailed(ME, List.of(failed(id, 1, 0L, "a")))).isEmpty();

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void recorded_ofTheSamePlaceByAnotherClaim_isNotOurs() {
        long id = tables.add(MINE);
        record(finished(id, 0, "charge", "ship", null));
        recordFailed(ME, List.of(failed(id, 1, 1, 0L)));

        assertThat(store.recorded(handle, ME, List.of(key(id, 2, 0), key(id, 4, 1), key(id, 3, 2))))
                .isEmpty();
        assertThat(store.recorded(handle, 8, List.of(key(id, 3, 0), key(id, 3, 1))))
                .isEmpty();
    }

    @Test
    void rowLockedElsewhere_isSkippedWithoutWaitingAndKnownAsHeld() {
        List<Long> ids = tables.add(4);
        ids.forEach(id -> tables.work(id, MINE));
        try (Handle psql = tables.open()) {
            psql.begin();
            psql.execute("SELECT FROM backops.work WHERE operation_id IN (?, ?) FOR UPDATE", ids.get(0), ids.get(2));

            assertThat(recordFinished(
                            ME,
                            List.of(
                                    finished(ids.get(0), 0, "charge", "ship", null),
                                    finished(ids.get(1), 0, "charge", "ship", null))))
                    .containsExactly(ids.get(1));
            assertThat(recordFailed(ME, List.of(failed(ids.get(2), 1, 0L, "a"), failed(ids.get(3), 1, 0L, "b"))))
                    .containsExactly(ids.get(3));

            List<AttemptKey> skipped = List.of(key(ids.get(0), 3, 0), key(ids.get(2), 3, 0));
            assertThat(store.recorded(handle, ME, skipped)).isEmpty();
            assertThat(store.held(handle, ME, skipped))
                    .containsExactlyInAnyOrder(new Held(ids.get(0), false), new Held(ids.get(2), false));
            psql.rollback();
        }
        assertThat(record(finished(ids.get(0), 0, "charge", "ship", null))).containsExactly(ids.get(0));
    }

    @Test
    void mixedBatch_recordsWhatItMayAndNothingElse() {
        List<Long> ids = tables.add(5);
        ids.forEach(id -> tables.work(id, MINE));
        tables.work(ids.get(1), "token = 4");
        tables.work(ids.get(2), "attempts = 4");
        tables.execute("DELETE FROM backops.work WHERE operation_id = " + ids.get(3));

        assertThat(recordFinished(
                        ME,
                        List.of(
                                last(ids.get(4), 0, "charge", "{\"receipt\": \"r\"}"),
                                finished(ids.get(3), 0, "charge", "ship", null),
                                finished(ids.get(2), 0, "charge", "ship", "{\"receipt\": \"s\"}"),
                                finished(ids.get(1), 0, "charge", "ship", null),
                                finished(ids.get(0), 0, "charge", "ship", null))))
                .containsExactlyInAnyOrder(ids.get(0), ids.get(2), ids.get(4));

        assertThat(ids.stream().map(tables::operation))
                .containsExactly("1 ship", "0 charge", "1 ship", "0 charge", "1 completed {\"receipt\": \"r\"}");
        assertThat(ids.stream().map(tables::work))
                .containsExactly(
                        "running by 7, token 3, attempts 0, crashes 0",
                        "running by 7, token 4, attempts 0, crashes 0",
                        "running by 7, token 3, attempts 0, crashes 0",
                        null,
                        null);
        assertThat(tables.numbers("SELECT operation_id FROM backops.step ORDER BY 1"))
                .containsExactly(ids.get(0), ids.get(2), ids.get(4));
    }

    @Test
    void batch_inAnyOrderBesideOthersWhoWaitInIdOrder_neitherWaitsNorDeadlocks() throws Exception {
        List<Long> ids = tables.add(4);
        ids.forEach(id -> tables.work(id, MINE));
        List<FinishedRow> descending = List.of(
                finished(ids.get(3), 0, "charge", "ship", null),
                finished(ids.get(2), 0, "charge", "ship", null),
                finished(ids.get(1), 0, "charge", "ship", null),
                finished(ids.get(0), 0, "charge", "ship", null));
        try (Handle repair = tables.open();
                Handle psql = tables.open()) {
            psql.begin();
            psql.execute("SELECT FROM backops.work WHERE operation_id = ? FOR UPDATE", ids.get(2));
            CompletableFuture<Integer> waiting =
                    CompletableFuture.supplyAsync(() -> repair.inTransaction(own -> own.createUpdate(
                                    "WITH w AS (SELECT operation_id FROM backops.work ORDER BY 1 FOR UPDATE)"
                                            + " UPDATE backops.work w2 SET crashes = 1 FROM w WHERE w2.operation_id = w.operation_id")
                            .execute()));
            tables.awaitBlockedBy(psql);

            assertThat(recordFinished(ME, descending)).containsExactly(ids.get(3));

            psql.commit();
            assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(4);
        }
        assertThat(recordFinished(ME, descending)).hasSize(3);
    }

    @Test
    void held_ofAnOperationThatWasEditedOrDeleted_saysSo() {
        List<Long> ids = tables.add(3);
        ids.forEach(id -> tables.work(id, MINE));
        tables.execute("UPDATE backops.operation SET steps_done = 1 WHERE id = " + ids.get(0));
        tables.execute("DELETE FROM backops.operation WHERE id = " + ids.get(1));

        assertThat(store.held(handle, ME, ids.stream().map(id -> key(id, 3, 0)).toList()))
                .containsExactlyInAnyOrder(
                        new Held(ids.get(0), true), new Held(ids.get(1), true), new Held(ids.get(2), false));
    }

    @Test
    void lockFree_locksOperationsThatNobodyElseHas() {
        List<Long> ids = tables.add(2);
        try (Handle psql = tables.open()) {
            psql.begin();
            psql.execute("SELECT FROM backops.operation WHERE id = ? FOR UPDATE", ids.get(0));

            Set<Long> free = handle.inTransaction(own -> store.lockFree(own, ids));

            psql.rollback();
            assertThat(free).containsExactly(ids.get(1));
        }
    }

    private Set<Long> record(FinishedRow row) {
        return recordFinished(ME, List.of(row));
    }

    private Set<Long> recordFinished(long worker, List<FinishedRow> rows) {
        return store.recordFinished(handle, worker, rows).keySet();
    }

    private Set<Long> recordFailed(long worker, List<FailedRow> rows) {
        return store.recordFailed(handle, worker, rows).keySet();
    }

    private List<Map<String, Object>> everything() {
        return tables.rows("SELECT o::text AS a, w::text AS b, s::text AS c, f::text AS d FROM backops.operation o"
                + " LEFT JOIN backops.work w ON w.operation_id = o.id"
                + " LEFT JOIN backops.step s ON s.operation_id = o.id"
                + " LEFT JOIN backops.failure f ON f.operation_id = o.id ORDER BY 1, 2, 3, 4");
    }

    private static List<AttemptKey> keys(List<FinishedRow> rows) {
        return rows.stream().map(row -> row.attempt().key()).toList();
    }

    private static AttemptKey key(long id, int token, int seq) {
        return new AttemptKey(id, token, seq);
    }

    private static Attempt attempt(long id, int seq, String step) {
        return new Attempt(key(id, 3, seq), step, 1);
    }

    private static FinishedRow finished(long id, int seq, String step, String next, @Nullable String outputs) {
        return row(attempt(id, seq, step), next, outputs, null, 1_000, 10);
    }

    private static FinishedRow last(long id, int seq, String step, String finalOutputs) {
        return row(attempt(id, seq, step), null, null, finalOutputs, 1_000, 10);
    }

    private static FailedRow failed(long id, int number, @Nullable Long retryIn, String message) {
        return new FailedRow(
                new Attempt(key(id, 3, 0), "charge", number),
                retryIn,
                "java.lang.Error",
                message,
                "Shop.java:5",
                "at Shop");
    }

    private static FailedRow failed(long id, int seq, int number, long retryIn) {
        return new FailedRow(
                new Attempt(key(id, 3, seq), "ship", number), retryIn, "java.lang.Error", null, null, "at Shop");
    }

    private static FinishedRow row(
            Attempt attempt,
            @Nullable String next,
            @Nullable String outputs,
            @Nullable String finalOutputs,
            long ranForMicros,
            long endedAgoMicros) {
        return new FinishedRow(
                attempt,
                "completed",
                next == null ? null : new Next(next, 0, null),
                /* compensating= */ false,
                next == null ? "completed" : null,
                outputs,
                finalOutputs,
                ranForMicros,
                endedAgoMicros);
    }
}
