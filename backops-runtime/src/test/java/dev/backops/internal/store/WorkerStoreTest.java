package dev.backops.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.internal.store.WorkStore.Claim;
import dev.backops.internal.store.WorkStore.Cursor;
import dev.backops.internal.store.WorkStore.Rescued;
import dev.backops.internal.store.WorkStore.Room;
import dev.backops.internal.store.WorkerStore.Knowledge;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkerStoreTest {

    private static final long ME = 7;
    private static final long OTHER = 8;
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    @RegisterExtension
    final TestDatabase testDatabase = TestDatabase.withTables();

    private final Tables tables = new Tables(testDatabase);
    private final WorkerStore store = Tables.STORES.workers();
    private Handle handle;

    @BeforeEach
    void open() {
        handle = tables.open();
        EngineSession.configure(handle, /* transactionOnly= */ false);
        store.register(handle, ME, "here", 1, LEASE, knows(1, 2));
        store.register(handle, OTHER, "there", 2, LEASE, knows());
    }

    @AfterEach
    void close() {
        handle.close();
    }

    @Test
    void registration_beginsALease() {
        assertThat(tables.text(
                        "SELECT host || ' ' || pid || ' ' || definitions::text FROM backops.worker WHERE id = 7"))
                .isEqualTo("here 1 {1,2}");
        assertThat(leaseSeconds(ME)).isBetween(25L, 30L);
        assertThat(tables.number("SELECT count(*) FROM backops.worker WHERE since = beat_at AND started_at = since"))
                .isEqualTo(2);
    }

    @Test
    void beat_renewsTheLeaseAndTellsTheDefinitions() {
        set(ME, "lease_end = now() + interval '1 second'");

        assertThat(store.beat(handle, ME, LEASE, INTERVAL, knows(3))).isTrue();

        assertThat(leaseSeconds(ME)).isBetween(25L, 30L);
        assertThat(tables.text("SELECT definitions::text FROM backops.worker WHERE id = 7"))
                .isEqualTo("{3}");
    }

    @Test
    void beat_afterTheEndOfTheLease_renewsIt() {
        set(ME, "lease_end = now() - interval '1 hour'");

        assertThat(beat(ME)).isTrue();

        assertThat(leaseSeconds(ME)).isBetween(25L, 30L);
    }

    @Test
    void beat_ofABuriedOrUnknownWorker_changesNothing() {
        set(ME, "lease_end = '-infinity'");

        assertThat(beat(ME)).isFalse();
        assertThat(beat(99)).isFalse();

        assertThat(store.buried(handle)).containsExactly(ME);
        assertThat(tables.number("SELECT count(*) FROM backops.worker")).isEqualTo(2);
    }

    @Test
    void beat_withoutAGap_keepsTheTimeSinceWhen() {
        set(ME, "since = now() - interval '1 hour', beat_at = now() - interval '14 seconds'");
        beat(ME);
        assertThat(unbrokenSeconds(ME)).isBetween(3_590L, 3_610L);

        set(ME, "beat_at = now() - interval '16 seconds'");
        beat(ME);
        assertThat(unbrokenSeconds(ME)).isLessThan(5);
    }

    @Test
    void bury_takesThoseWhoseLeaseIsOver() {
        set(ME, "since = now() - interval '31 seconds'");
        store.register(handle, 9, "there", 3, LEASE, knows());
        set(OTHER, "lease_end = now() - interval '1 millisecond'");

        assertThat(store.bury(handle, ME)).isEqualTo(1);
        assertThat(store.buried(handle)).containsExactly(OTHER);
        assertThat(store.bury(handle, ME)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "since = now() - interval '29 seconds'",
                "since = now() - interval '1 hour', lease_end = now()",
                "since = now() - interval '1 hour', lease_end = now() - interval '1 second'",
                "since = now() - interval '1 hour', lease_end = '-infinity'",
            })
    void bury_byOneWhoWasNotUnbrokenForALease_takesNobody(String me) {
        set(ME, me);
        set(OTHER, "lease_end = now() - interval '1 hour'");

        assertThat(store.bury(handle, ME)).isZero();
        assertThat(store.bury(handle, 99)).isZero();
    }

    @Test
    void bury_byOneWhoseLeaseIsOver_sparesItselfToo() {
        set(ME, "since = now() - interval '1 hour', lease_end = now() - interval '1 second'");

        assertThat(store.bury(handle, ME)).isZero();
        assertThat(store.bury(handle, OTHER)).isZero();
        assertThat(store.buried(handle)).isEmpty();
    }

    /*
     * An outage that one worker's heartbeats just span may end another's lease before its next try: one beat right before
     * it, the other was about to, and comes back a little later.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 9, 11, 13, 15, 16, 17, 18, 19, 20, 21, 25, 29, 31, 60, 3_600})
    void outage_ofAnyLength_letsNobodyBuryThoseWhoComeBackALittleLater(int seconds) {
        set(ME, "since = now() - interval '1 day'" + lastBeat(seconds));
        set(OTHER, "since = now() - interval '1 day'" + lastBeat(seconds + 10));

        assertThat(beat(ME)).isTrue();
        // The longest pause of a heartbeat between two tries, and a little for the connection.
        set(OTHER, "lease_end = lease_end - interval '4.9 seconds'");

        assertThat(store.bury(handle, ME)).isZero();
    }

    /** Whose own rescue comes before its own heartbeat. */
    @Test
    void bury_rightAfterAnOutage_beforeAHeartbeatOfItsOwn_takesNobody() {
        set(ME, "since = now() - interval '1 day'" + lastBeat(16));
        set(OTHER, "since = now() - interval '1 day'" + lastBeat(31));

        assertThat(store.bury(handle, ME)).isZero();
    }

    /** It may not have come back from the outage that its lease ended in. */
    @Test
    void bury_ofOneWithALongerLease_waitsForAsLongAsThat() {
        store.register(handle, 9, "there", 3, LEASE.multipliedBy(10), knows());
        set(9, "lease_end = now() - interval '1 second', beat_at = now() - interval '301 seconds'");
        set(ME, "since = now() - interval '299 seconds'");
        assertThat(store.bury(handle, ME)).isZero();

        set(ME, "since = now() - interval '301 seconds'");
        assertThat(store.bury(handle, ME)).isEqualTo(1);
    }

    /** Our heartbeats are so rare that they span an outage in which its lease ended. */
    @Test
    void bury_ofOneWithAShorterLease_waitsForALeaseOfOurOwn() {
        store.register(handle, 9, "there", 3, LEASE.dividedBy(10), knows());
        set(ME, "since = now() - interval '1 day'");
        set(9, "lease_end = now() - interval '26 seconds', beat_at = now() - interval '29 seconds'");
        assertThat(store.bury(handle, ME)).isZero();
        assertThat(store.untilLeaseEnds(handle, ME, LEASE)).isBetween(Duration.ZERO, Duration.ofSeconds(1));

        set(9, "lease_end = now() - interval '28 seconds', beat_at = now() - interval '31 seconds'");
        assertThat(store.bury(handle, ME)).isEqualTo(1);
    }

    @Test
    void bury_afterTheClockWasSetBack_leavesOneWithALongerLeaseTheTimeForItsNextHeartbeat() {
        store.register(handle, 9, "there", 3, LEASE.multipliedBy(10), knows());
        set(9, "lease_end = now() + interval '1 hour 5 minutes', beat_at = now() + interval '1 hour'");
        set(ME, "since = now() - interval '299 seconds'");
        assertThat(store.bury(handle, ME)).isZero();

        set(ME, "since = now() - interval '301 seconds'");
        assertThat(store.bury(handle, ME)).isEqualTo(1);
    }

    @Test
    void afterAGap_nobodyIsBuriedUntilAWholeLeaseHasPassed() {
        set(ME, "since = now() - interval '1 day'" + lastBeat(40));
        set(OTHER, "since = now() - interval '1 day'" + lastBeat(40));

        beat(ME);
        assertThat(store.bury(handle, ME)).isZero();
        set(ME, "since = since - interval '29 seconds'");
        assertThat(store.bury(handle, ME)).isZero();
        set(ME, "since = since - interval '2 seconds'");
        assertThat(store.bury(handle, ME)).isEqualTo(1);
    }

    @Test
    void bury_besideAHeartbeatThatIsQuicker_sparesTheWorker() {
        set(ME, "since = now() - interval '1 hour'");
        set(OTHER, "lease_end = now() - interval '1 second'");
        try (Handle other = tables.open()) {
            other.begin();
            store.beat(other, OTHER, LEASE, INTERVAL, knows());

            assertThat(store.bury(handle, ME)).isZero();
            other.commit();
        }
        assertThat(store.bury(handle, ME)).isZero();
    }

    @Test
    void beat_besideABurialThatIsQuicker_isRefused() throws Exception {
        set(ME, "since = now() - interval '1 hour'");
        set(OTHER, "lease_end = now() - interval '1 second'");
        try (Handle gravedigger = tables.open()) {
            gravedigger.begin();
            assertThat(store.bury(gravedigger, ME)).isEqualTo(1);
            CompletableFuture<Boolean> beat = CompletableFuture.supplyAsync(() -> beat(OTHER));
            tables.awaitBlockedBy(gravedigger);
            gravedigger.commit();

            assertThat(beat.get(10, TimeUnit.SECONDS)).isFalse();
        }
        assertThat(store.buried(handle)).containsExactly(OTHER);
    }

    @Test
    void beat_besideABurialThatIsRolledBack_renewsTheLease() throws Exception {
        set(ME, "since = now() - interval '1 hour'");
        set(OTHER, "lease_end = now() - interval '1 second'");
        try (Handle gravedigger = tables.open()) {
            gravedigger.begin();
            store.bury(gravedigger, ME);
            CompletableFuture<Boolean> beat = CompletableFuture.supplyAsync(() -> beat(OTHER));
            tables.awaitBlockedBy(gravedigger);
            gravedigger.rollback();

            assertThat(beat.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void claim_besideABurialThatIsQuicker_takesNothing() throws Exception {
        long id = tables.add();
        set(ME, "since = now() - interval '1 hour'");
        try (Handle claimer = tables.open();
                Handle gravedigger = tables.open()) {
            beginWhileTheLeaseLasts(claimer, OTHER);
            gravedigger.begin();
            assertThat(store.bury(gravedigger, ME)).isEqualTo(1);
            CompletableFuture<List<Claim>> claims = CompletableFuture.supplyAsync(() -> claim(claimer, OTHER));
            tables.awaitBlockedBy(gravedigger);
            gravedigger.commit();

            assertThat(claims.get(10, TimeUnit.SECONDS)).isEmpty();
            claimer.commit();
        }
        assertThat(tables.work(id)).startsWith("ready");
    }

    @Test
    void bury_besideAClaimThatIsQuicker_waitsForTheNextRound() {
        long id = tables.add();
        set(ME, "since = now() - interval '1 hour'");
        try (Handle claimer = tables.open()) {
            beginWhileTheLeaseLasts(claimer, OTHER);
            assertThat(claim(claimer, OTHER)).hasSize(1);

            assertThat(store.bury(handle, ME)).isZero();
            claimer.commit();
        }
        assertThat(store.bury(handle, ME)).isEqualTo(1);
        assertThat(Tables.STORES.work().rescue(handle, store.buried(handle), 10))
                .extracting(Rescued::operationId)
                .containsExactly(id);
    }

    @Test
    void beat_besideAClaim_doesNotWait() {
        tables.add();
        try (Handle claimer = tables.open()) {
            claimer.begin();
            assertThat(claim(claimer, ME)).hasSize(1);

            assertThat(beat(ME)).isTrue();
            claimer.commit();
        }
    }

    @Test
    void forget_deletesOnlyThoseWithoutWork() {
        tables.add("state = 'running', worker = 8");

        assertThat(store.forget(handle, List.of(ME, OTHER))).isEqualTo(1);

        assertThat(tables.numbers("SELECT id FROM backops.worker")).containsExactly(OTHER);
        assertThat(store.forget(handle, List.of())).isZero();
    }

    @Test
    void forget_besideAClaimThatIsQuicker_keepsTheWorkerOfWhatIsClaimed() throws Exception {
        tables.add();
        try (Handle claimer = tables.open()) {
            claimer.begin();
            assertThat(claim(claimer, ME)).hasSize(1);
            CompletableFuture<Integer> forgotten = CompletableFuture.supplyAsync(
                    () -> tables.jdbi().inTransaction(leaver -> store.forget(leaver, List.of(ME))));
            tables.awaitBlockedBy(claimer);
            claimer.commit();

            assertThat(forgotten.get(10, TimeUnit.SECONDS)).isZero();
        }
        assertThat(tables.numbers("SELECT id FROM backops.worker")).contains(ME);
    }

    @Test
    void clockOfTheDatabase_setBack_keepsNobodyFromBuryingTheDead() {
        tables.execute(
                "UPDATE backops.worker SET since = since + interval '1 hour', beat_at = beat_at + interval '1 hour',"
                        + " lease_end = lease_end + interval '1 hour'");

        assertThat(beat(ME)).isTrue();
        assertThat(store.bury(handle, ME)).as("the other may live").isZero();
        set(ME, "since = since - interval '31 seconds'");
        assertThat(store.bury(handle, ME)).isEqualTo(1);
        assertThat(store.buried(handle)).containsExactly(OTHER);
    }

    /** The claimer's transaction begins just before the end of the lease, and lasts beyond it. */
    private void beginWhileTheLeaseLasts(Handle claimer, long worker) {
        claimer.begin();
        String now =
                claimer.createQuery("SELECT now()::text").mapTo(String.class).one();
        set(worker, "lease_end = '" + now + "'::timestamptz + interval '1 microsecond'");
    }

    private static List<Claim> claim(Handle claimer, long worker) {
        return Tables.STORES
                .work()
                .claim(
                        claimer,
                        worker,
                        List.of(definitionOf(claimer)),
                        List.of(new Room(List.of(Cursor.start("default", 2)), 10)),
                        1);
    }

    private static Knowledge knows(Integer... definitions) {
        return new Knowledge(List.of(definitions), Map.of(), List.of());
    }

    private static int definitionOf(Handle claimer) {
        return claimer.createQuery("SELECT id FROM backops.definition")
                .mapTo(Integer.class)
                .one();
    }

    private boolean beat(long id) {
        return store.beat(handle, id, LEASE, INTERVAL, knows());
    }

    private static String lastBeat(int secondsAgo) {
        return ", beat_at = now() - interval '" + secondsAgo + " seconds', lease_end = now() + interval '"
                + (LEASE.toSeconds() - secondsAgo) + " seconds'";
    }

    private void set(long id, String assignments) {
        tables.execute("UPDATE backops.worker SET " + assignments + " WHERE id = " + id);
    }

    private long leaseSeconds(long id) {
        return tables.number("SELECT extract(epoch FROM lease_end - now()) FROM backops.worker WHERE id = " + id);
    }

    private long unbrokenSeconds(long id) {
        return tables.number("SELECT extract(epoch FROM now() - since) FROM backops.worker WHERE id = " + id);
    }
}
