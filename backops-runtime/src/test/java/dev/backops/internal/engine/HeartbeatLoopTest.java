package dev.backops.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backops.internal.store.Database;
import dev.backops.testkit.Interceptor;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HeartbeatLoopTest {

    private static final Duration LENGTH = Duration.ofSeconds(15);

    @RegisterExtension
    final TestDatabase testDatabase = TestDatabase.withTables();

    private final Tables tables = new Tables(testDatabase);
    private final Clocks clocks = new Clocks();
    private final Lease lease = new Lease(LENGTH, clocks.wall(), clocks::nanos);
    private final List<String> buried = new ArrayList<>();
    private Interceptor interceptor;
    private HeartbeatLoop loop;

    @BeforeEach
    void register() {
        interceptor = new Interceptor(testDatabase.dataSource());
        loop = new HeartbeatLoop(
                new Database(interceptor.dataSource()).session(),
                Tables.STORES.workers(),
                new Registry(),
                lease,
                LENGTH,
                (session, worker) -> {},
                worker -> buried.add(worker + " of " + tables.numbers("SELECT id FROM backops.worker")));
        loop.register();
    }

    @Test
    void registration_takesALeaseUnderARandomId() {
        long first = lease.worker();
        loop.register();

        assertThat(lease.worker()).isPositive().isNotEqualTo(first);
        assertThat(lease.held(lease.worker())).isTrue();
        assertThat(lease.held(first)).isFalse();
        assertThat(tables.numbers("SELECT id FROM backops.worker WHERE lease_end > now() + interval '10 seconds'"))
                .containsExactlyInAnyOrder(first, lease.worker());
    }

    @Test
    void heartbeat_renewsTheLeaseHereAndThere() {
        tables.execute("UPDATE backops.worker SET lease_end = now() + interval '1 second'");
        clocks.pass(Duration.ofSeconds(13));

        assertThat(loop.runOnce()).isEqualTo(Duration.ofSeconds(5));

        clocks.pass(Duration.ofSeconds(13));
        assertThat(lease.held(lease.worker())).isTrue();
        assertThat(tables.number("SELECT count(*) FROM backops.worker WHERE lease_end > now() + interval '10 seconds'"))
                .isEqualTo(1);
        assertThat(buried).isEmpty();
    }

    @Test
    void heartbeat_thatTakesLong_countsFromBeforeItWasSent() {
        interceptor.before("UPDATE backops.worker", () -> clocks.pass(Duration.ofSeconds(10)));

        loop.runOnce();

        clocks.pass(Duration.ofSeconds(4));
        assertThat(lease.held(lease.worker())).isFalse();
    }

    @Test
    void registration_thatTakesLong_countsFromBeforeItWasSent() {
        interceptor.before("INSERT INTO backops.worker", () -> clocks.pass(Duration.ofSeconds(14)));

        loop.register();

        assertThat(lease.held(lease.worker())).isFalse();
    }

    @Test
    void heartbeat_whoseAnswerIsLost_doesNotRenewTheLeaseHere() {
        long worker = lease.worker();
        interceptor.loseAnswer("UPDATE backops.worker");
        clocks.pass(Duration.ofSeconds(14));

        assertThatThrownBy(loop::runOnce).isInstanceOf(RuntimeException.class);

        assertThat(lease.held(worker)).isFalse();
        loop.runOnce();
        assertThat(lease.held(worker)).isTrue();
    }

    @Test
    void buriedWorker_stopsAndGoesOnUnderAnotherId() {
        long old = lease.worker();
        tables.execute("UPDATE backops.worker SET lease_end = '-infinity'");

        assertThat(loop.runOnce()).isEqualTo(Duration.ofSeconds(5));

        assertThat(lease.worker()).isNotEqualTo(old);
        assertThat(lease.held(old)).isFalse();
        assertThat(lease.held(lease.worker())).isTrue();
        // Its steps are stopped first: a registration may take its time.
        assertThat(buried).containsExactly(old + " of [" + old + "]");
        assertThat(tables.numbers("SELECT id FROM backops.worker WHERE lease_end > now()"))
                .containsExactly(lease.worker());
    }

    @Test
    void buriedWorker_thatCannotRegisterAgainYet_startsNothingMore() {
        long old = lease.worker();
        tables.execute("DELETE FROM backops.worker");
        interceptor.before("INSERT INTO backops.worker", () -> {
            assertThat(lease.held(old)).isFalse();
            throw new IllegalStateException("the database is away again");
        });

        assertThatThrownBy(loop::runOnce).isInstanceOf(RuntimeException.class);
        assertThat(lease.held(old)).isFalse();
        assertThat(buried).hasSize(1);

        loop.runOnce();
        assertThat(lease.held(lease.worker())).isTrue();
        assertThat(lease.worker()).isNotEqualTo(old);
    }
}
