package dev.backops.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LeaseTest {

    private static final long ME = 7;

    private final Clocks clocks = new Clocks();
    private final Lease lease = new Lease(Duration.ofSeconds(15), clocks.wall(), clocks::nanos);

    @BeforeEach
    void renew() {
        lease.renew(ME, lease.now());
    }

    @Test
    void lease_isHeldUntilASecondBeforeItsEnd() {
        clocks.pass(Duration.ofMillis(13_999));
        assertThat(lease.held(ME)).isTrue();

        clocks.pass(Duration.ofMillis(1));
        assertThat(lease.held(ME)).isFalse();
    }

    @Test
    void lease_countsFromBeforeTheHeartbeatWasSent() {
        Lease.Moment sent = lease.now();
        clocks.pass(Duration.ofSeconds(10));
        lease.renew(ME, sent);

        clocks.pass(Duration.ofSeconds(4));
        assertThat(lease.held(ME)).isFalse();
    }

    @Test
    void lease_afterTheMachineSlept_isOver() {
        clocks.setWallForward(Duration.ofSeconds(14));

        assertThat(lease.held(ME)).isFalse();
    }

    @Test
    void lease_whenTheWallClockIsSetBack_goesByTheMonotonicOne() {
        clocks.setWallForward(Duration.ofDays(-1));
        assertThat(lease.held(ME)).isTrue();

        clocks.pass(Duration.ofSeconds(14));
        assertThat(lease.held(ME)).isFalse();
    }

    @Test
    void lease_whenTheWallClockIsSetToAnotherAge_isOver() {
        clocks.setWallForward(Duration.ofDays(365_000));

        assertThat(lease.held(ME)).isFalse();
    }

    @Test
    void lease_whenTheMonotonicClockOverflows_countsOn() {
        Clocks old = new Clocks(Long.MAX_VALUE - 5);
        Lease overflowing = new Lease(Duration.ofSeconds(15), old.wall(), old::nanos);
        overflowing.renew(ME, overflowing.now());

        old.pass(Duration.ofSeconds(13));
        assertThat(overflowing.held(ME)).isTrue();
        old.pass(Duration.ofSeconds(2));
        assertThat(overflowing.held(ME)).isFalse();
    }

    @Test
    void lease_ofAnotherWorker_isNotHeld() {
        assertThat(lease.held(8)).isFalse();
        assertThat(new Lease(Duration.ofSeconds(15), clocks.wall(), clocks::nanos).held(ME))
                .isFalse();
    }

    @Test
    void revokedLease_isNotHeldUntilTheNextOne() {
        lease.revoke(ME);
        assertThat(lease.held(ME)).isFalse();
        assertThat(lease.worker()).isEqualTo(ME);

        lease.renew(8, lease.now());
        assertThat(lease.held(ME)).isFalse();
        assertThat(lease.held(8)).isTrue();
    }

    @Test
    void revocation_ofAnEarlierWorker_changesNothing() {
        lease.renew(8, lease.now());

        lease.revoke(ME);

        assertThat(lease.held(8)).isTrue();
    }

    @Test
    void await_ofAHeldLease_returnsAtOnce() throws Exception {
        assertThat(lease.await(ME)).isTrue();
    }

    @Test
    void await_ofALeaseInDoubt_endsWithTheNextHeartbeat() throws Exception {
        clocks.pass(Duration.ofSeconds(20));
        CompletableFuture<Boolean> held = awaiting();

        lease.renew(ME, lease.now());

        assertThat(held.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void await_ofALeaseInDoubt_endsWithTheBurial() throws Exception {
        clocks.pass(Duration.ofSeconds(20));
        CompletableFuture<Boolean> held = awaiting();

        lease.renew(8, lease.now());

        assertThat(held.get(10, TimeUnit.SECONDS)).isFalse();
        assertThat(lease.await(ME)).isFalse();
    }

    private CompletableFuture<Boolean> awaiting() {
        CompletableFuture<Boolean> held = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                held.complete(lease.await(ME));
            } catch (InterruptedException e) {
                held.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        await().until(() -> thread.getState() == Thread.State.WAITING);
        return held;
    }
}
