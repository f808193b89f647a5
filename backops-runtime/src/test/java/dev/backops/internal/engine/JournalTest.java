package dev.backops.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backops.internal.store.Database;
import dev.backops.testkit.Interceptor;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class JournalTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    @RegisterExtension
    final TestDatabase testDatabase = TestDatabase.withTables();

    private final Tables tables = new Tables(testDatabase);
    private final Heard heard = new Heard();
    private @Nullable Journal journal;

    @AfterEach
    void close() throws InterruptedException {
        if (journal != null) {
            journal.close(SOON);
        }
    }

    @Test
    void entries_ofEveryKind_areRecordedAndSettled() throws Exception {
        List<Long> ids = claimed(4);
        start().add(Runs.charged(ids.get(0)));
        journal().add(Runs.thanked(ids.get(1)));
        journal().add(Runs.declined(ids.get(2)));
        journal().add(fail(ids.get(3), "gone"));

        heard.awaitRecorded(ids);

        assertThat(ids.stream().map(tables::work))
                .containsExactly(
                        "running by 7, token 3, attempts 0, crashes 0",
                        null,
                        "scheduled, token 3, attempts 1, crashes 0",
                        "failed, token 3, attempts 1, crashes 0");
        assertThat(heard.lost).isEmpty();
    }

    @Test
    void entries_thatComeDuringACommit_shareTheNextOne() throws Exception {
        List<Long> ids = claimed(60);

        whileFirstIsHeldUp(ids, () -> ids.subList(1, 60).forEach(id -> journal().add(Runs.charged(id))));

        heard.awaitRecorded(ids);
        assertThat(tables.number("SELECT count(DISTINCT xmin::text) FROM backops.step"))
                .isEqualTo(2);
    }

    @Test
    void finishedStep_whoseOutputPostgresRefuses_failsItsOwnOperationOnly() throws Exception {
        List<Long> ids = claimed(20);
        long poisoned = ids.get(7);

        whileFirstIsHeldUp(
                ids,
                () -> ids.subList(1, 20)
                        .forEach(id -> journal()
                                .add(id == poisoned ? charged(id, "{\"receipt\": 1E+200000}") : Runs.charged(id))));

        heard.awaitRecorded(ids);
        assertThat(tables.numbers("SELECT operation_id FROM backops.work WHERE state = 'failed'"))
                .containsExactly(poisoned);
        assertThat(tables.number("SELECT count(*) FROM backops.operation WHERE next_step = 'ship'"))
                .isEqualTo(19);
        assertThat(tables.operation(poisoned)).isEqualTo("0 charge");
        assertThat(tables.text("SELECT error_class || ': ' || message FROM backops.failure"))
                .isEqualTo("dev.backops.UnstorableOutcome: PostgreSQL refused to store what the step returned or threw"
                        + " (SQLSTATE 22003)");
        assertThat(heard.transitionOf(poisoned)).isInstanceOf(Transition.Fail.class);
    }

    @Test
    void failedAttempt_whoseMessagePostgresRefuses_failsItsOwnOperationOnly() throws Exception {
        List<Long> ids = claimed(5);
        long poisoned = ids.get(2);

        whileFirstIsHeldUp(
                ids,
                () -> ids.subList(1, 5)
                        .forEach(id -> journal().add(id == poisoned ? fail(id, "U+0000: \0") : Runs.declined(id))));

        heard.awaitRecorded(ids);
        assertThat(tables.numbers("SELECT operation_id FROM backops.work WHERE state = 'failed'"))
                .containsExactly(poisoned);
        assertThat(tables.numbers(
                        "SELECT operation_id FROM backops.failure WHERE error_class LIKE '%UnstorableOutcome'"))
                .containsExactly(poisoned);
    }

    @Test
    void workRow_lockedElsewhere_delaysItsOwnOperationOnly() throws Exception {
        List<Long> ids = claimed(3);
        start();
        try (Handle psql = tables.open()) {
            psql.begin();
            psql.execute("SELECT FROM backops.work WHERE operation_id = ? FOR UPDATE", ids.get(1));
            ids.forEach(id -> journal().add(Runs.charged(id)));

            heard.awaitRecorded(List.of(ids.get(0), ids.get(2)));
            assertThat(heard.transitions).hasSize(2);
            psql.commit();
        }
        heard.awaitRecorded(ids);
        assertThat(heard.lost).isEmpty();
    }

    @Test
    void operationRow_lockedElsewhere_delaysItsOwnOperationOnly() throws Exception {
        List<Long> ids = claimed(3);
        start();
        try (Handle psql = tables.open()) {
            psql.begin();
            psql.execute("SELECT FROM backops.operation WHERE id = ? FOR UPDATE", ids.get(1));
            ids.forEach(id -> journal().add(Runs.charged(id)));

            heard.awaitRecorded(List.of(ids.get(0), ids.get(2)));
            assertThat(heard.transitions).hasSize(2);
            psql.commit();
        }
        heard.awaitRecorded(ids);
        assertThat(heard.lost).isEmpty();
    }

    @Test
    void connection_killedInTheMiddle_isReplacedAndEverythingRecordedOnce() throws Exception {
        List<Long> ids = claimed(10);
        start();
        try (Handle psql = tables.open()) {
            psql.begin();
            psql.execute("SELECT FROM backops.operation WHERE id = ? FOR UPDATE", ids.get(0));
            ids.forEach(id -> journal().add(Runs.charged(id)));
            tables.awaitBlockedBy(psql);
            psql.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))");
            psql.commit();
        }

        heard.awaitRecorded(ids);
        assertThat(heard.transitions).hasSize(10);
        assertThat(tables.numbers("SELECT operation_id FROM backops.step ORDER BY 1"))
                .isEqualTo(ids);
    }

    @Test
    void commit_whoseAnswerIsLost_countsAsRecorded() throws Exception {
        List<Long> ids = claimed(3);
        Interceptor interceptor = new Interceptor(testDatabase.dataSource());
        interceptor.loseAnswer("DELETE FROM backops.work");
        interceptor.loseAnswer("INSERT INTO backops.failure");
        start(interceptor.dataSource());

        journal().add(Runs.charged(ids.get(0)));
        journal().add(Runs.thanked(ids.get(1)));
        journal().add(Runs.declined(ids.get(2)));

        heard.awaitRecorded(ids);
        assertThat(heard.transitions).hasSize(3);
        assertThat(heard.lost).isEmpty();
        assertThat(tables.number("SELECT count(*) FROM backops.step")).isEqualTo(2);
        assertThat(tables.number("SELECT count(*) FROM backops.failure")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AS changed", "UNION ALL"})
    void lostCommit_thatTakesEffectBetweenTwoQuestions_countsAsRecorded(String question) throws Exception {
        long id = claimed(1).get(0);
        Interceptor interceptor = new Interceptor(testDatabase.dataSource());
        try (Handle zombie = tables.open()) {
            // The backend of a lost connection: it holds the row, and commits late.
            zombie.begin();
            Tables.STORES
                    .journal()
                    .recordFinished(zombie, 7, List.of(Runs.thanked(id).finishedRow(0)));
            interceptor.before(question, zombie::commit);
            start(interceptor.dataSource());
            journal().add(Runs.thanked(id));

            await().atMost(SOON).until(() -> heard.transitions.size() + heard.lost.size() == 1);
        }
        assertThat(heard.lost).isEmpty();
    }

    @Test
    void operation_takenOver_isLostAndNothingIsRecorded() throws Exception {
        List<Long> ids = claimed(3);
        tables.work(ids.get(0), "state = 'ready', worker = NULL, token = 4");
        tables.work(ids.get(1), "worker = 8, token = 4");
        tables.work(ids.get(2), "token = 4");
        start();

        journal().add(Runs.charged(ids.get(0)));
        journal().add(Runs.declined(ids.get(1)));
        journal().add(Runs.thanked(ids.get(2)));

        await().atMost(SOON).until(() -> heard.lost.size() == 3);
        assertThat(heard.transitions).isEmpty();
        assertThat(tables.number("SELECT count(*) FROM backops.step")).isZero();
        assertThat(tables.number("SELECT count(*) FROM backops.failure")).isZero();
    }

    @Test
    void operation_editedWhileItsStepRan_failsAndSaysSo() throws Exception {
        List<Long> ids = claimed(3);
        tables.execute("UPDATE backops.operation SET steps_done = 5 WHERE id = " + ids.get(0));
        tables.execute("DELETE FROM backops.operation WHERE id = " + ids.get(1));
        start();

        ids.forEach(id -> journal().add(Runs.charged(id)));

        heard.awaitRecorded(ids);
        assertThat(ids.stream().map(tables::work))
                .containsExactly(
                        "failed, token 3, attempts 1, crashes 0",
                        "failed, token 3, attempts 1, crashes 0",
                        "running by 7, token 3, attempts 0, crashes 0");
        assertThat(tables.text("SELECT DISTINCT message FROM backops.failure"))
                .isEqualTo(
                        "The operation was changed by hand while its step ran; what the step returned is not recorded");
    }

    @Test
    void settlement_thatThrows_isHeardOnceAndHarmsNoOther() throws Exception {
        List<Long> ids = claimed(3);
        heard.failing = ids.get(0);

        start();
        ids.forEach(id -> journal().add(Runs.charged(id)));

        heard.awaitRecorded(ids);
        assertThat(heard.transitions).hasSize(3);
    }

    /** One that cannot even be logged, such as the lack of room, in the middle of a statement. */
    @Test
    void errorOfTheJvm_beforeTheRecord_losesNothing() throws Exception {
        List<Long> ids = claimed(20);
        Interceptor interceptor = new Interceptor(testDatabase.dataSource());
        interceptor.before("INSERT INTO backops.step", () -> {
            throw new Unloggable();
        });

        start(interceptor.dataSource());
        ids.forEach(id -> journal().add(Runs.charged(id)));

        heard.awaitRecorded(ids);
        assertThat(heard.transitions).hasSize(20);
        assertThat(tables.numbers("SELECT operation_id FROM backops.step ORDER BY 1"))
                .isEqualTo(ids);
    }

    /** What the others have recorded in the same statement is not lost with it, and nobody hears of anything twice. */
    @Test
    void errorOfTheJvm_behindTheRecord_losesAndRepeatsNothing() throws Exception {
        List<Long> ids = claimed(20);
        heard.failing = ids.get(7);
        heard.failure = new Unloggable();

        whileFirstIsHeldUp(ids, () -> ids.subList(1, 20).forEach(id -> journal().add(Runs.charged(id))));

        heard.awaitRecorded(ids);
        assertThat(heard.transitions).hasSize(20);
        assertThat(tables.numbers("SELECT operation_id FROM backops.step ORDER BY 1"))
                .isEqualTo(ids);
    }

    @Test
    void retry_inAThousandYears_harmsNoOther() throws Exception {
        List<Long> ids = claimed(2);
        start().add(Runs.entry(
                new Transition.RetryIn(Runs.of(ids.get(0)), Duration.ofDays(365_000), ErrorReport.plain("x.Y", "no"))));
        journal().add(Runs.charged(ids.get(1)));

        heard.awaitRecorded(ids);
        assertThat(tables.number("SELECT extract(year FROM run_at) - extract(year FROM now()) FROM backops.work"
                        + " WHERE operation_id = " + ids.get(0)))
                .isBetween(998L, 1_000L);
    }

    @Test
    void close_writesWhatIsLeft() throws Exception {
        List<Long> ids = claimed(2_500);
        start();
        ids.forEach(id -> journal().add(Runs.charged(id)));

        journal().close(SOON);

        assertThat(heard.ids()).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(tables.number("SELECT count(*) FROM backops.step")).isEqualTo(2_500);
        assertThat(tables.number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND state = 'idle in transaction'"))
                .isZero();
    }

    @Test
    void close_whileTheTablesAreLocked_givesUpInTime() throws Exception {
        List<Long> ids = claimed(3);
        start();
        try (Handle psql = tables.open()) {
            psql.begin();
            psql.execute("LOCK TABLE backops.operation");
            journal().add(Runs.charged(ids.get(0)));
            journal().add(Runs.declined(ids.get(1)));
            journal().add(Runs.thanked(ids.get(2)));
            tables.awaitBlockedBy(psql);

            assertThat(secondsToClose(Duration.ofMillis(50))).isLessThan(4);
            psql.rollback();
        }
        assertThat(heard.lost).isEmpty();
    }

    @Test
    void close_whileNoConnectionIsToBeHad_givesUpInTime() throws Exception {
        List<Long> ids = claimed(1);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        start(silent(asked, answered));
        journal().add(Runs.charged(ids.get(0)));
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(secondsToClose(Duration.ofMillis(50))).isLessThan(4);

        answered.countDown();
    }

    private long secondsToClose(Duration limit) throws InterruptedException {
        long start = System.nanoTime();
        journal().close(limit);
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    }

    /** Connections that nobody answers for until the latch opens, as behind a firewall that drops packets. */
    private static DataSource silent(CountDownLatch asked, CountDownLatch answered) {
        return (DataSource) Proxy.newProxyInstance(
                JournalTest.class.getClassLoader(), new Class<?>[] {DataSource.class}, (self, method, arguments) -> {
                    asked.countDown();
                    awaitInSpiteOfInterrupts(answered);
                    throw new SQLException("No route to host", "08001");
                });
    }

    private static void awaitInSpiteOfInterrupts(CountDownLatch latch) {
        boolean open = false;
        while (!open) {
            try {
                latch.await();
                open = true;
            } catch (InterruptedException e) {
                // A socket would not notice either.
            }
        }
    }

    private void whileFirstIsHeldUp(List<Long> ids, Runnable addOthers) {
        start();
        try (Handle psql = tables.open()) {
            psql.begin();
            psql.execute("SELECT FROM backops.operation WHERE id = ? FOR UPDATE", ids.get(0));
            journal().add(Runs.charged(ids.get(0)));
            tables.awaitBlockedBy(psql);
            addOthers.run();
            psql.commit();
        }
    }

    private List<Long> claimed(int count) {
        List<Long> ids = tables.add(count);
        tables.execute("UPDATE backops.work SET " + Runs.CLAIMED);
        return ids;
    }

    private static JournalEntry charged(long id, String outputs) {
        Execution run = Runs.of(id);
        return Runs.entry(new Transition.Proceed(run, Runs.at(id, "ship", 1), StartTime.NOW, outputs));
    }

    private static JournalEntry fail(long id, String message) {
        return Runs.entry(new Transition.Fail(Runs.of(id), new ErrorReport("x.Y", message, null, "x.Y at Z")));
    }

    private Journal start() {
        return start(testDatabase.dataSource());
    }

    private Journal start(DataSource dataSource) {
        Journal started =
                new Journal("backops-journal", new Database(dataSource).session(), Tables.STORES.journal(), heard);
        started.start();
        journal = started;
        return started;
    }

    private Journal journal() {
        return Objects.requireNonNull(journal, "start() comes first");
    }

    /** There is no room left for the message either. */
    private static final class Unloggable extends Error {

        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new StackOverflowError("no room for a message");
        }
    }

    /** What the journal said. */
    private static final class Heard implements Journal.Settlement {

        final List<Transition> transitions = new CopyOnWriteArrayList<>();
        final List<Long> lost = new CopyOnWriteArrayList<>();
        volatile long failing = -1;
        volatile Throwable failure = new IllegalStateException("on purpose");

        @Override
        public void recorded(JournalEntry entry, String state) {
            Transition transition = entry.transition();
            transitions.add(transition);
            if (transition.run().id() == failing) {
                if (failure instanceof Error error) {
                    throw error;
                }
                throw new IllegalStateException(failure);
            }
        }

        @Override
        public void lost(Execution run) {
            lost.add(run.id());
        }

        List<Long> ids() {
            return transitions.stream().map(one -> one.run().id()).toList();
        }

        void awaitRecorded(List<Long> ids) {
            await().atMost(SOON).pollInterval(Duration.ofMillis(5)).until(() -> ids().containsAll(ids));
        }

        Transition transitionOf(long id) {
            return transitions.stream()
                    .filter(one -> one.run().id() == id)
                    .findFirst()
                    .orElseThrow();
        }
    }
}
