package dev.backops.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.internal.store.JournalStore.AttemptKey;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RescueLoopTest {

    private static final Duration LENGTH = Duration.ofSeconds(60);
    private static final long DEAD = 7;
    private static final String UNBROKEN = "since = now() - interval '61 seconds'";
    private static final String OVER = "lease_end = now() - interval '1 second'";

    @RegisterExtension
    final TestDatabase testDatabase = TestDatabase.withTables();

    private final Tables tables = new Tables(testDatabase);
    private final Registry registry = new Registry();
    private final Lease lease = new Lease(LENGTH, Clock.systemUTC(), System::nanoTime);
    private final AtomicInteger wakeUps = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private HeartbeatLoop heartbeat;
    private RescueLoop loop;

    @BeforeEach
    void register() {
        heartbeat = new HeartbeatLoop(
                tables.database().session(),
                Tables.STORES.workers(),
                registry,
                lease,
                LENGTH,
                (session, worker) -> {},
                unused -> {});
        heartbeat.register();
        set(lease.worker(), UNBROKEN);
        tables.worker(DEAD);
        loop = new RescueLoop(
                tables.database(),
                Tables.STORES.workers(),
                Tables.STORES.work(),
                lease,
                LENGTH,
                wakeUps::incrementAndGet,
                rescued -> {},
                nanos::get);
    }

    @Test
    void operations_ofAWorkerWhoseLeaseIsOver_areReadyAgain() {
        long id = tables.add(Runs.CLAIMED + ", attempts = 1");
        set(DEAD, OVER);

        loop.runOnce();

        assertThat(tables.work(id)).isEqualTo("ready, token 4, attempts 1, crashes 1");
        assertThat(tables.numbers("SELECT id FROM backops.worker")).containsExactly(lease.worker());
        assertThat(wakeUps).hasValue(1);
        loop.runOnce();
        assertThat(wakeUps).hasValue(1);
    }

    @Test
    void operations_ofALivingWorker_stayWhereTheyAre() {
        long id = tables.add(Runs.CLAIMED);

        loop.runOnce();

        assertThat(tables.work(id)).isEqualTo("running by 7, token 3, attempts 0, crashes 0");
        assertThat(tables.number("SELECT count(*) FROM backops.worker")).isEqualTo(2);
    }

    @Test
    void operations_ofALivingWorkerThatRunsThemForADay_stayWhereTheyAre() {
        String yesterday = "now() - interval '1 day'";
        long id = tables.add(Runs.CLAIMED + ", run_at = " + yesterday);
        set(DEAD, "started_at = " + yesterday + ", since = " + yesterday + ", lease_end = now() + interval '1 second'");
        tables.database()
                .<Boolean, RuntimeException>with(handle ->
                        Tables.STORES.workers().beat(handle, DEAD, LENGTH, LENGTH.dividedBy(3), registry.knowledge()));

        loop.runOnce();

        assertThat(tables.work(id)).isEqualTo("running by 7, token 3, attempts 0, crashes 0");
        assertThat(tables.number(
                        "SELECT count(*) FROM backops.worker WHERE id = 7 AND since < now() - interval '1 hour'"))
                .isEqualTo(1);
    }

    @Test
    void afterAGapOfItsOwn_itRescuesNobodyUntilAWholeLeaseHasPassed() {
        long id = tables.add(Runs.CLAIMED);
        set(DEAD, OVER);
        set(lease.worker(), "beat_at = now() - interval '40 seconds'");
        heartbeat.runOnce();

        loop.runOnce();
        set(lease.worker(), "since = now() - interval '59 seconds'");
        loop.runOnce();
        assertThat(tables.work(id)).startsWith("running");

        set(lease.worker(), UNBROKEN);
        loop.runOnce();
        assertThat(tables.work(id)).startsWith("ready");
    }

    @Test
    void worker_buriedByAnother_isRescuedByAll() {
        long id = tables.add(Runs.CLAIMED);
        set(DEAD, "lease_end = '-infinity'");
        set(lease.worker(), "since = now()");

        loop.runOnce();

        assertThat(tables.work(id)).startsWith("ready");
    }

    @Test
    void operations_ofAWorkerWhoseRowSomebodyDeleted_areRescuedOnceItsLeaseMustBeOver() {
        long id = tables.add(Runs.CLAIMED);
        tables.execute("DELETE FROM backops.worker WHERE id = " + DEAD);

        loop.runOnce();
        assertThat(tables.number("SELECT count(*) FROM backops.worker WHERE id = 7 AND lease_end BETWEEN"
                        + " now() + interval '50 seconds' AND now() + interval '60 seconds'"))
                .isEqualTo(1);
        assertThat(tables.work(id)).startsWith("running by 7");

        set(DEAD, OVER);
        loop.runOnce();
        assertThat(tables.work(id)).isEqualTo("ready, token 4, attempts 0, crashes 1");
        assertThat(tables.numbers("SELECT id FROM backops.worker")).containsExactly(lease.worker());
    }

    @Test
    void livingWorker_whoseRowSomebodyDeleted_goesOnWithItsNextHeartbeat() {
        long id = tables.add(Runs.CLAIMED);
        tables.execute("DELETE FROM backops.worker WHERE id = " + DEAD);
        loop.runOnce();

        assertThat(tables.database()
                        .<Boolean, RuntimeException>with(handle -> Tables.STORES
                                .workers()
                                .beat(handle, DEAD, LENGTH, LENGTH.dividedBy(3), registry.knowledge())))
                .isTrue();

        loop.runOnce();
        assertThat(tables.work(id)).startsWith("running by 7");
    }

    @Test
    void deletedWorkers_areLookedForOnceInALease_byTheFirstOfTheLiving() {
        tables.add(Runs.CLAIMED);
        loop.runOnce();
        tables.execute("DELETE FROM backops.worker WHERE id = " + DEAD);
        nanos.addAndGet(LENGTH.toNanos() - 1);
        loop.runOnce();
        assertThat(tables.numbers("SELECT id FROM backops.worker")).doesNotContain(DEAD);

        nanos.incrementAndGet();
        tables.worker(1);
        loop.runOnce();
        assertThat(tables.numbers("SELECT id FROM backops.worker")).doesNotContain(DEAD);

        nanos.addAndGet(LENGTH.toNanos());
        tables.execute("DELETE FROM backops.worker WHERE id = 1");
        loop.runOnce();
        assertThat(tables.numbers("SELECT id FROM backops.worker")).contains(DEAD);
    }

    @Test
    void operation_lockedElsewhere_isRescuedTheNextTime() {
        List<Long> ids = tables.add(2);
        tables.execute("UPDATE backops.work SET " + Runs.CLAIMED);
        set(DEAD, OVER);
        try (Handle late = tables.open()) {
            late.begin();
            late.execute("SELECT FROM backops.work WHERE operation_id = ? FOR UPDATE", ids.get(0));

            loop.runOnce();
            assertThat(tables.work(ids.get(1))).startsWith("ready");
            assertThat(tables.numbers("SELECT id FROM backops.worker")).contains(DEAD);
            late.rollback();
        }

        loop.runOnce();
        assertThat(tables.work(ids.get(0))).startsWith("ready");
        assertThat(tables.numbers("SELECT id FROM backops.worker")).doesNotContain(DEAD);
    }

    @Test
    void operations_ofMoreThanOneBatch_areAllRescued() {
        tables.add(2_500);
        tables.execute("UPDATE backops.work SET " + Runs.CLAIMED);
        set(DEAD, OVER);

        loop.runOnce();

        assertThat(tables.number("SELECT count(*) FROM backops.work WHERE state = 'ready' AND token = 4"))
                .isEqualTo(2_500);
        assertThat(wakeUps).hasValue(1);
    }

    @Test
    void recordOfAWorkerThatWasRescued_isRefused() {
        long id = tables.add(Runs.CLAIMED);
        set(DEAD, OVER);
        loop.runOnce();

        assertThat(tables.database().<Boolean, RuntimeException>with(handle -> {
                    var journal = Tables.STORES.journal();
                    List<AttemptKey> keys = List.of(Runs.charged(id).key());
                    return journal.recordFinished(
                                            handle,
                                            DEAD,
                                            List.of(Runs.charged(id).finishedRow(0)))
                                    .isEmpty()
                            && journal.recordFailed(
                                            handle,
                                            DEAD,
                                            List.of(Runs.declined(id).failedRow()))
                                    .isEmpty()
                            && journal.held(handle, DEAD, keys).isEmpty()
                            && journal.recorded(handle, DEAD, keys).isEmpty();
                }))
                .isTrue();
        assertThat(tables.operation(id)).isEqualTo("0 charge");
    }

    @Test
    void wait_endsWhenTheNextLeaseDoes_orIsShortWhereOneIsOver() {
        set(DEAD, "lease_end = now() + interval '40 seconds'");
        assertThat(loop.runOnce()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(40));

        set(DEAD, OVER);
        set(lease.worker(), "since = now()");
        assertThat(loop.runOnce()).as("not to be buried yet").isBetween(Duration.ofSeconds(5), Duration.ofSeconds(15));

        tables.execute("DELETE FROM backops.worker WHERE id = " + DEAD);
        assertThat(loop.runOnce()).as("a new one would live as long").isBetween(LENGTH.minusSeconds(1), LENGTH);
    }

    private void set(long id, String assignments) {
        tables.execute("UPDATE backops.worker SET " + assignments + " WHERE id = " + id);
    }
}
