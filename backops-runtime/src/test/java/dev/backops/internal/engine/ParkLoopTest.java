package dev.backops.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backops.testkit.Order;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParkLoopTest {

    private static final Duration LENGTH = Duration.ofSeconds(60);
    private static final long ME = 7;

    @RegisterExtension
    final TestDatabase testDatabase = TestDatabase.withTables();

    private final Tables tables = new Tables(testDatabase);
    private final Clocks clocks = new Clocks();
    private final Registry registry = new Registry();
    private final Lease lease = new Lease(LENGTH, clocks.wall(), clocks::nanos);
    private final AtomicInteger wakeUps = new AtomicInteger();
    private ParkLoop loop;

    @BeforeEach
    void register() {
        tables.worker(ME);
        lease.renew(ME, lease.now());
        loop = new ParkLoop(
                tables.database(),
                Tables.STORES.definitions(),
                Tables.STORES.work(),
                registry,
                lease,
                LENGTH,
                wakeUps::incrementAndGet,
                clocks::nanos);
    }

    @AfterEach
    void unpause() {
        tables.execute("DELETE FROM backops.pause");
    }

    @Test
    void definition_storedByAnotherProcess_isClaimedFromNowOn() {
        registry.add(Order.steps(new Order.Steps() {}));
        loop.runOnce();
        assertThat(registry.definitions()).isEmpty();

        int definition = tables.definition();
        loop.runOnce();

        assertThat(registry.definitions()).containsExactly(definition);
        assertThat(wakeUps).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "steps = '[42]'",
                "steps = '[{\"name\": 42}]'",
                "steps = '[{}]'",
                "steps = '[]'",
                "steps = '[{\"name\": \"charge\"}, {\"name\": \"charge\"}]'",
                "params = '[{\"name\": [], \"nullable\": 3}]'",
            })
    void definition_editedToNonsense_isNotClaimedAndStopsNothing(String edit) {
        int definition = tables.definition();
        tables.execute("INSERT INTO backops.definition (name, fingerprint, params, steps, planned)"
                + " SELECT name, 'edited', params, steps, planned FROM backops.definition");
        tables.execute("UPDATE backops.definition SET " + edit + " WHERE fingerprint = 'edited'");
        registry.add(Order.steps(new Order.Steps() {}));

        loop.runOnce();

        assertThat(registry.definitions()).containsExactly(definition);
    }

    @ParameterizedTest
    @ValueSource(strings = {"steps = '42'", "params = '{}'"})
    void definition_editedToNoList_isRefusedByTheTable(String edit) {
        tables.definition();

        assertThatThrownBy(() -> tables.execute("UPDATE backops.definition SET " + edit))
                .hasMessageContaining("violates check constraint");
    }

    @Test
    void operations_thatNobodyHasKnownForALease_arePutAside() {
        long ready = tables.add();
        long running = tables.add(Runs.CLAIMED);
        long scheduled = tables.add("state = 'scheduled'");

        loop.runOnce();
        clocks.pass(LENGTH.minusSeconds(1));
        loop.runOnce();
        assertThat(tables.work(ready)).startsWith("ready");

        clocks.pass(Duration.ofSeconds(1));
        loop.runOnce();
        assertThat(tables.work(ready)).isEqualTo("waiting, token 0, attempts 0, crashes 0");
        assertThat(tables.work(running)).startsWith("running");
        assertThat(tables.work(scheduled)).startsWith("scheduled");
        assertThat(wakeUps).hasValue(0);
    }

    @Test
    void operations_thatSomebodyKnewMeanwhile_stay() {
        long id = tables.add();
        loop.runOnce();
        clocks.pass(LENGTH.minusSeconds(1));
        known(ME);
        loop.runOnce();
        tables.execute("UPDATE backops.worker SET definitions = '{}'");
        loop.runOnce();
        clocks.pass(LENGTH.minusSeconds(1));
        loop.runOnce();

        assertThat(tables.work(id)).startsWith("ready");
    }

    @Test
    void knowledgeOfTheDead_doesNotCount_andOnlyTheWorkerWithTheLowestIdLooks() {
        long id = tables.add();
        tables.worker(3);
        known(3);
        tables.execute("UPDATE backops.worker SET lease_end = '-infinity' WHERE id = 3");
        tables.worker(5);
        loop.runOnce();
        clocks.pass(LENGTH);
        loop.runOnce();
        assertThat(tables.work(id)).startsWith("ready");

        tables.execute("DELETE FROM backops.worker WHERE id = 5");
        loop.runOnce();
        clocks.pass(LENGTH);
        lease.renew(ME, lease.now());
        loop.runOnce();
        assertThat(tables.work(id)).startsWith("waiting");
    }

    @Test
    void operations_thatThisProcessCanRun_goOn() {
        List<Long> ids = tables.add(1_200);
        tables.execute("UPDATE backops.work SET state = 'waiting'");
        loop.runOnce();
        assertThat(wakeUps).hasValue(0);

        registry.add(Order.steps(new Order.Steps() {}));
        registry.update(tables.database()
                .inTransaction(handle -> Tables.STORES.definitions().findByNames(handle, registry.storedNames())));
        known(ME);
        assertThat(loop.runOnce()).isZero();
        assertThat(loop.runOnce()).isPositive();

        assertThat(tables.number("SELECT count(*) FROM backops.work WHERE state = 'ready'"))
                .isEqualTo(ids.size());
        assertThat(wakeUps).hasValue(2);
    }

    @Test
    void pausedNames_arePutAsideAtOnce_andGoOnWhenThePauseEnds() {
        long id = tables.add();
        registry.add(Order.steps(new Order.Steps() {}));
        registry.update(tables.database()
                .inTransaction(handle -> Tables.STORES.definitions().findByNames(handle, registry.storedNames())));
        known(ME);
        tables.execute("INSERT INTO backops.pause VALUES ('name', 'orders.order', 'ann'), ('queue', 'billing', 'ann')");

        loop.runOnce();
        assertThat(tables.work(id)).startsWith("waiting");
        assertThat(loop.isPaused("orders.order", "default")).isTrue();
        assertThat(loop.isPaused("other", "billing")).isTrue();
        assertThat(loop.isPaused("billing", "orders.order")).isFalse();
        loop.runOnce();
        assertThat(tables.work(id)).startsWith("waiting");

        tables.execute("DELETE FROM backops.pause");
        loop.runOnce();
        assertThat(tables.work(id)).startsWith("ready");
        assertThat(loop.isPaused("orders.order", "billing")).isFalse();
    }

    private void known(long worker) {
        tables.execute(
                "UPDATE backops.worker SET definitions = ARRAY[" + tables.definition() + "] WHERE id = " + worker);
    }
}
