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
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleLoopTest {

    @RegisterExtension
    final TestDatabase testDatabase = TestDatabase.withTables();

    private final Tables tables = new Tables(testDatabase);
    private final Clocks clocks = new Clocks();
    private final List<Long> readyWhenTold = new ArrayList<>();
    private Interceptor interceptor;
    private ScheduleLoop loop;

    @BeforeEach
    void open() {
        interceptor = new Interceptor(testDatabase.dataSource());
        loop = new ScheduleLoop(
                new Database(interceptor.dataSource()),
                Tables.STORES.work(),
                () -> readyWhenTold.add(tables.number("SELECT count(*) FROM backops.work WHERE state = 'ready'")),
                clocks::nanos);
    }

    @Test
    void withoutKnowledge_itLooksAtNothing() {
        tables.add("state = 'scheduled'");

        assertThat(loop.runOnce()).isEqualTo(LoopThread.untilWoken());

        assertThat(tables.number("SELECT count(*) FROM backops.work WHERE state = 'ready'"))
                .isZero();
    }

    @Test
    void dueOperation_becomesReadyBeforeAnybodyIsTold() {
        long due = tables.add("state = 'scheduled'");
        long later = tables.add("state = 'scheduled', run_at = now() + interval '1 hour'");
        loop.expect(Duration.ofSeconds(5));
        assertThat(loop.runOnce()).isEqualTo(Duration.ofSeconds(5));
        clocks.pass(Duration.ofSeconds(5));

        assertThat(loop.runOnce()).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(60));

        assertThat(tables.work(due)).startsWith("ready");
        assertThat(tables.work(later)).startsWith("scheduled");
        assertThat(readyWhenTold).containsExactly(1L);
    }

    @Test
    void withNothingScheduled_itForgets() {
        loop.expect(Duration.ZERO);

        assertThat(loop.runOnce()).isEqualTo(LoopThread.untilWoken());
        assertThat(readyWhenTold).isEmpty();
    }

    @Test
    void delay_thatIsSooner_isWorthAWakeUp() {
        assertThat(loop.expect(Duration.ofMinutes(1))).isTrue();
        assertThat(loop.expect(Duration.ofMinutes(2))).isFalse();
        assertThat(loop.expect(Duration.ofMinutes(1))).isFalse();
        assertThat(loop.expect(Duration.ofSeconds(1))).isTrue();
        assertThat(loop.runOnce()).isEqualTo(Duration.ofSeconds(1));
        clocks.pass(Duration.ofMillis(400));
        assertThat(loop.runOnce()).isEqualTo(Duration.ofMillis(600));
        assertThat(loop.expect(Duration.ofSeconds(-3))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {36_500, 365_000, 106_751_991_167L, Long.MAX_VALUE / 86_400})
    void delay_ofCenturies_isLookedAtOnceADay(long days) {
        assertThat(loop.expect(Duration.ofDays(days))).isTrue();

        assertThat(loop.runOnce()).isEqualTo(Duration.ofDays(1));
        assertThat(loop.expect(Duration.ofDays(-days))).isTrue();
    }

    @Test
    void moreThanOneBatch_isGoneOnWithAtOnce() {
        tables.add(1_500);
        tables.execute("UPDATE backops.work SET state = 'scheduled'");
        loop.expect(Duration.ZERO);

        assertThat(loop.runOnce()).isZero();
        assertThat(loop.runOnce()).isEqualTo(LoopThread.untilWoken());

        assertThat(readyWhenTold).containsExactly(1_000L, 1_500L);
    }

    @Test
    void trouble_ofTheDatabase_isNotForgetting() {
        long due = tables.add("state = 'scheduled'");
        loop.expect(Duration.ZERO);
        interceptor.before("SET state = 'ready'", () -> {
            throw new IllegalStateException("the database is away");
        });
        assertThatThrownBy(loop::runOnce).isInstanceOf(RuntimeException.class);

        loop.runOnce();

        assertThat(tables.work(due)).startsWith("ready");
    }

    @Test
    void operation_lockedElsewhere_isTriedAgainAfterGrowingPauses() {
        long due = tables.add("state = 'scheduled'");
        List<Long> pauses = new ArrayList<>();
        loop.expect(Duration.ZERO);
        try (Handle psql = tables.open()) {
            psql.begin();
            psql.execute("SELECT FROM backops.work WHERE operation_id = ? FOR UPDATE", due);
            for (int i = 0; i < 12; i++) {
                Duration pause = loop.runOnce();
                pauses.add(pause.toMillis());
                clocks.pass(pause);
            }
            psql.rollback();
        }
        assertThat(pauses).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 512L, 1_000L, 1_000L);

        assertThat(loop.runOnce()).isEqualTo(LoopThread.untilWoken());
        assertThat(tables.work(due)).startsWith("ready");
    }
}
